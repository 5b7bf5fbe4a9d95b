import { exitCodes } from '../exit-codes.js';
import { type Console } from '../output/console.js';
import { withControl } from './with-control.js';

/** Back to the seeded state. */
export async function reset({ control }: { control?: string }, out: Console): Promise<number> {
  await withControl(control, (client) => client.reset());
  out.line('Reset: the seeded tenant is as new; authorities and their certificates stay.');
  return exitCodes.ok;
}
