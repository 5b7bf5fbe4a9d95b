import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { OperationServices } from '@greenscreen/host/context';

/** What the operations of the attestation services work with. */
@Injectable()
export class AttestationServices extends OperationServices implements OnModuleDestroy {
  private readonly pending = new Set<Promise<void>>();

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
