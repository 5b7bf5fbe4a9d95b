import { Injectable } from '@nestjs/common';
import { AuthorityStore } from '@greenscreen/host/authority';
import { Clock } from '@greenscreen/host/clock';
import { Random } from '@greenscreen/host/random';
import { DataSource, type EntityManager } from 'typeorm';

/**
 * What the operations of this service work with. They read the time before they open their transaction: the clock has its own connection,
 * and a pool whose every connection waits for another one never moves again.
 */
@Injectable()
export class ZtdServices {
  constructor(
    readonly dataSource: DataSource,
    readonly clock: Clock,
    readonly random: Random,
    readonly authorities: AuthorityStore,
  ) {}

  /** For checks, which only read. */
  get em(): EntityManager {
    return this.dataSource.manager;
  }

  transaction<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(work);
  }
}
