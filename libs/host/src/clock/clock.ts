import { type DataSource, In } from 'typeorm';
import { ClockSetting, INSTALLATION } from '@greenscreen/model/installation';
import { findExchange } from '../exchange/exchange.js';

/**
 * The time of a tenant. It lives in Postgres, so that every service and replica jumps together; within one request it is read once per
 * tenant and then stands still.
 */
export class Clock {
  constructor(private readonly dataSource: DataSource) {}

  /** Now, for a tenant; without one, the installation's time. */
  now(tenantId: string = INSTALLATION): Promise<Date> {
    const exchange = findExchange();
    const known = exchange?.times.get(tenantId);
    if (known) return known;
    const reading = this.read(tenantId).then((time) => {
      if (exchange) exchange.time = time;
      return time;
    });
    exchange?.times.set(tenantId, reading);
    return reading;
  }

  private async read(tenantId: string): Promise<Date> {
    const rows = await this.dataSource.manager.findBy(ClockSetting, { scope: In([INSTALLATION, tenantId]) });
    const apply = (base: Date, scope: string): Date => {
      const row = rows.find((candidate) => candidate.scope === scope);
      return row ? (row.frozenAt ?? new Date(base.getTime() + Number(row.offsetMs))) : base;
    };
    const installation = apply(new Date(), INSTALLATION);
    return tenantId === INSTALLATION ? installation : apply(installation, tenantId);
  }

  /** Sets a scope's clock: freeze at an instant, or run with an offset in milliseconds. */
  async set(scope: string, setting: { frozenAt: Date } | { offsetMs: number }): Promise<void> {
    await this.dataSource.manager.upsert(
      ClockSetting,
      'frozenAt' in setting
        ? { scope, frozenAt: setting.frozenAt, offsetMs: '0' }
        : { scope, frozenAt: null, offsetMs: String(setting.offsetMs) },
      ['scope'],
    );
  }

  /** Sets a scope's clock to an instant, from which it runs on; a tenant's as fast as the installation's, which may stand still. */
  async startAt(scope: string, time: Date): Promise<void> {
    const base = scope === INSTALLATION ? new Date() : await this.read(INSTALLATION);
    await this.set(scope, { offsetMs: time.getTime() - base.getTime() });
  }

  /** Moves a scope's clock on by so many milliseconds, frozen or running. */
  async advance(scope: string, milliseconds: number): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO clock_setting (scope, offset_ms) VALUES ($1, $2)
       ON CONFLICT (scope) DO UPDATE SET
         offset_ms = CASE WHEN clock_setting.frozen_at IS NULL THEN clock_setting.offset_ms + $2 ELSE clock_setting.offset_ms END,
         frozen_at = clock_setting.frozen_at + make_interval(secs => $2 / 1000.0)`,
      [scope, milliseconds],
    );
  }

  /** Back to real time. */
  async clear(scope: string): Promise<void> {
    await this.dataSource.manager.delete(ClockSetting, { scope });
  }
}
