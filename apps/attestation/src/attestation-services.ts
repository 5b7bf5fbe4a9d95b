import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { AuthorityStore } from '@greenscreen/host/authority';
import { Clock } from '@greenscreen/host/clock';
import { LOGGER } from '@greenscreen/host/context';
import { type Logger } from '@greenscreen/host/logging';
import { Random } from '@greenscreen/host/random';
import { DataSource, type EntityManager } from 'typeorm';

/**
 * What the operations of the attestation services work with. They read the time and the authorities before they open their transaction: both
 * take a connection of their own, and a pool whose every connection waits for another one never moves again.
 */
@Injectable()
export class AttestationServices implements OnModuleDestroy {
  private readonly pending = new Set<Promise<void>>();

  constructor(
    readonly dataSource: DataSource,
    readonly clock: Clock,
    readonly random: Random,
    readonly authorities: AuthorityStore,
    @Inject(LOGGER) readonly logger: Logger,
  ) {}

  /** For checks, which only read. */
  get em(): EntityManager {
    return this.dataSource.manager;
  }

  transaction<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(work);
  }

  /** Work that nobody waits for, such as keys that will be needed soon. Who needs its result asks again, and then sees what went wrong. */
  prepare(work: Promise<unknown>): void {
    const done = work.then(
      () => undefined,
      (error: unknown) => this.logger.warn({ err: error }, 'preparation failed'),
    );
    this.pending.add(done);
    void done.then(() => this.pending.delete(done));
  }

  /** Lets preparations end before their database goes. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.pending);
  }
}
