import { changeRecord, RecordChangeError } from '@greenscreen/model/records';
import { type DataSource } from 'typeorm';
import { type Clock } from '../clock/clock.js';
import { type Logger } from '../logging/logger.js';
import { type Random } from '../random/random.js';
import { type Injection } from './injection.js';

/** Carries out faults that change records: before the request that they hit is looked at (reference 05, C.4 `action.record`). */
export class RecordMutations {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly logger: Logger,
  ) {}

  /** A change that is impossible is logged; the request goes on as if nothing had hit it. */
  async apply({ rule, tenantId, action: { record } }: Injection, correlationId: string): Promise<void> {
    if (!record || tenantId === null) return;
    const { serial = '', ...change } = record;
    const at = await this.clock.now(tenantId);
    try {
      await this.dataSource.transaction((em) => changeRecord(em, change, { tenantId, serial }, { random: this.random, at, correlationId }));
    } catch (error) {
      if (!(error instanceof RecordChangeError)) throw error;
      this.logger.warn({ fault: rule, reason: error.message }, 'a fault could not change a record');
    }
  }
}
