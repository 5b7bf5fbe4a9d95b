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

/** `clock`, `clock advance 95m`, `clock offset -2h`, `clock set 2026-01-12T08:00:00Z`, `clock freeze <time>`, `clock clear`. */
export async function clock(action: string | undefined, value: string | undefined, options: ClockOptions, out: Console): Promise<number> {
  const change = changeOf(action, value);
  await withControl(options.control, async (control) => {
    if (change.kind === 'advance') await control.advance(options.tenant, change.milliseconds);
    if (change.kind === 'freeze') await control.freeze(options.tenant, change.at);
    if (change.kind === 'set') await control.setClock(options.tenant, change.at);
    if (change.kind === 'offset') await control.setAhead(options.tenant, change.milliseconds);
    if (change.kind === 'clear') await control.clearClock(options.tenant);
    out.line((await control.now(options.tenant)).toISOString());
  });
  return exitCodes.ok;
}

type Change = { kind: 'read' | 'clear' } | { kind: 'advance' | 'offset'; milliseconds: number } | { kind: 'freeze' | 'set'; at: Date };

function changeOf(action: string | undefined, value: string | undefined): Change {
  switch (action) {
    case undefined:
      return { kind: 'read' };
    case 'clear':
      return { kind: 'clear' };
    case 'advance':
    case 'offset': {
      const back = action === 'offset' && value?.startsWith('-');
      const parsed = duration.safeParse(back ? value?.slice(1) : value);
      if (!parsed.success) throw new CommandError(`clock ${action}: "${value ?? ''}" is not a duration such as 30s, 7m, 2h or 190d`);
      return { kind: action, milliseconds: back ? -parsed.data : parsed.data };
    }
    case 'freeze':
    case 'set': {
      const at = new Date(value ?? '');
      if (Number.isNaN(at.getTime()))
        throw new CommandError(`clock ${action}: "${value ?? ''}" is not a time such as 2026-01-12T08:00:00Z`);
      return { kind: action, at };
    }
    default:
      throw new CommandError(`clock: "${action}" is none of advance, offset, set, freeze, clear`);
  }
}
