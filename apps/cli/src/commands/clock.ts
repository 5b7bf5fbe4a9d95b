import { duration } from '@greenscreen/scenarios/format';
import { exitCodes } from '../exit-codes.js';
import { type Console } from '../output/console.js';
import { CommandError } from '../problem.js';
import { withControl } from './with-control.js';

export interface ClockOptions {
  readonly control?: string;
  /** Tenant id; the installation's clock without one. */
  readonly tenant?: string;
}

/** `clock`, `clock advance 95m`, `clock freeze 2026-01-12T08:00:00Z`, `clock clear`. */
export async function clock(action: string | undefined, value: string | undefined, options: ClockOptions, out: Console): Promise<number> {
  const change = changeOf(action, value);
  await withControl(options.control, async (control) => {
    if (change.kind === 'advance') await control.advance(options.tenant, change.milliseconds);
    if (change.kind === 'freeze') await control.freeze(options.tenant, change.at);
    if (change.kind === 'clear') await control.clearClock(options.tenant);
    out.line((await control.now(options.tenant)).toISOString());
  });
  return exitCodes.ok;
}

type Change = { kind: 'read' } | { kind: 'clear' } | { kind: 'advance'; milliseconds: number } | { kind: 'freeze'; at: Date };

function changeOf(action: string | undefined, value: string | undefined): Change {
  switch (action) {
    case undefined:
      return { kind: 'read' };
    case 'clear':
      return { kind: 'clear' };
    case 'advance': {
      const parsed = duration.safeParse(value);
      if (!parsed.success) throw new CommandError(`clock advance: "${value ?? ''}" is not a duration such as 30s, 7m, 2h or 190d`);
      return { kind: 'advance', milliseconds: parsed.data };
    }
    case 'freeze': {
      const at = new Date(value ?? '');
      if (Number.isNaN(at.getTime())) throw new CommandError(`clock freeze: "${value ?? ''}" is not a time such as 2026-01-12T08:00:00Z`);
      return { kind: 'freeze', at };
    }
    default:
      throw new CommandError(`clock: "${action}" is none of advance, freeze, clear`);
  }
}
