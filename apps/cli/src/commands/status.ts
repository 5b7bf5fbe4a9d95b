import { ControlError } from '@greenscreen/scenarios/cloud';
import { controlAddress } from '../cloud/addresses.js';
import { exitCodes } from '../exit-codes.js';
import { type Console } from '../output/console.js';
import { withControl } from './with-control.js';

/** Whether a cloud runs, whether it is ready, and what is in it. */
export async function status({ control: address }: { control?: string }, out: Console): Promise<number> {
  const { style } = out;
  const base = controlAddress(address);
  try {
    return await withControl(address, async (control) => {
      const [{ ready, dependencies }, version, tenants, now] = await Promise.all([
        control.readiness(),
        control.version(),
        control.listTenants(),
        control.now(),
      ]);
      out.line(`${ready ? style.green('● ready') : style.red('● not ready')}  Greenscreen ${version} at ${base}`);
      for (const [name, state] of Object.entries(dependencies)) out.line(`  ${name.padEnd(10)} ${state}`);
      out.line(`  clock      ${now.toISOString()}`);
      for (const { displayName, initialDomain, id } of tenants) out.line(`  tenant     ${initialDomain}  ${displayName}  ${style.dim(id)}`);
      return ready ? exitCodes.ok : exitCodes.unexpected;
    });
  } catch (error) {
    if (!(error instanceof ControlError) || error.status !== undefined) throw error;
    out.line(`${style.red('● not running')}  nothing answers at ${base}: start it with "npm start"`);
    return exitCodes.unexpected;
  }
}
