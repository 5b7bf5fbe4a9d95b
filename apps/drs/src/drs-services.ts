import { Inject, Injectable } from '@nestjs/common';
import { AuthorityStore } from '@greenscreen/host/authority';
import { Clock } from '@greenscreen/host/clock';
import { currentExchange } from '@greenscreen/host/exchange';
import { AIK_SOURCE, type AikSource } from '@greenscreen/host/identity';
import { Random } from '@greenscreen/host/random';
import { type DirectoryChange } from '@greenscreen/model/directory';
import { DataSource, type EntityManager } from 'typeorm';

/**
 * What the operations of the registration service work with. They read the time before they open their transaction: the clock has its own
 * connection, and a pool whose every connection waits for another one never moves again.
 */
@Injectable()
export class DrsServices {
  constructor(
    readonly dataSource: DataSource,
    readonly clock: Clock,
    readonly random: Random,
    readonly authorities: AuthorityStore,
    /** What the AIK service has issued. */
    @Inject(AIK_SOURCE) readonly aikSource: AikSource,
  ) {}

  /** For checks, which only read. */
  get em(): EntityManager {
    return this.dataSource.manager;
  }

  transaction<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(work);
  }

  /** The request in hand, for directory operations and their audit entries. */
  change(at: Date): DirectoryChange {
    return { random: this.random, at, correlationId: currentExchange().traceId };
  }
}
