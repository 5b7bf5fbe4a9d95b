import { exitCodes } from '../exit-codes.js';
import { type Console } from '../output/console.js';
import { withControl } from './with-control.js';

/** The codes of second factors that sign-in pages wait for. */
export async function codes(user: string | undefined, { control: address }: { control?: string }, out: Console): Promise<number> {
  const pending = await withControl(address, (control) => control.secondFactors(user));
  for (const { code, user: upn } of pending) out.line(`${out.style.bold(code)}  ${upn}`);
  if (pending.length === 0) out.line(out.style.dim('No sign-in page waits for a code.'));
  return exitCodes.ok;
}
