import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuthorityStore } from '../authority/authority-store.js';
import { Clock } from '../clock/clock.js';
import { type Logger } from '../logging/logger.js';
import { Random } from '../random/random.js';
import { LOGGER } from './host.module.js';

/**
 * What the operations of every service work with. They read the time and the authorities before they open their transaction: both take a
 * connection of their own, and a pool whose every connection waits for another one never moves again.
 */
@Injectable()
export class OperationServices {
  constructor(
    readonly dataSource: DataSource,
    readonly clock: Clock,
    readonly random: Random,
    readonly authorities: AuthorityStore,
    @Inject(LOGGER) readonly logger: Logger,
  ) {}

  /** For checks and for what only reads. */
  get em(): EntityManager {
    return this.dataSource.manager;
  }

  transaction<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(work);
  }
}
