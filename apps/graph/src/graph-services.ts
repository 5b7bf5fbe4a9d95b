import { Inject, Injectable } from '@nestjs/common';
import { AuthorityStore } from '@greenscreen/host/authority';
import { Clock } from '@greenscreen/host/clock';
import { LOGGER } from '@greenscreen/host/context';
import { type Logger } from '@greenscreen/host/logging';
import { Random } from '@greenscreen/host/random';
import { DataSource, type EntityManager } from 'typeorm';

/**
 * What the operations of Graph work with. They read the time before they open their transaction: the clock has its own connection, and a
 * pool whose every connection waits for another one never moves again.
 */
@Injectable()
export class GraphServices {
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
