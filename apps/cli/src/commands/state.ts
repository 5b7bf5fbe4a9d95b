import { readFile, writeFile } from 'node:fs/promises';
import { exitCodes } from '../exit-codes.js';
import { type Console } from '../output/console.js';
import { withControl } from './with-control.js';

export interface StateOptions {
  readonly control?: string;
}

/** Writes the state of a running lab to a file that only its owner may read: the lab's private keys are in it. */
export async function exportState(file: string, { control }: StateOptions, out: Console): Promise<number> {
  const state = await withControl(control, (client) => client.exportState());
  await writeFile(file, state, { mode: 0o600 });
  out.line(`${file}: ${Math.ceil(state.length / 1024)} KiB; it holds the lab's private keys`);
  return exitCodes.ok;
}

/** Puts such a file in the place of everything that a running lab has. */
export async function restoreState(file: string, { control }: StateOptions, out: Console): Promise<number> {
  const state = await readFile(file);
  const restart = await withControl(control, (client) => client.importState(state));
  out.line(restart ? 'Restored. Start the cloud again: its authorities are others now.' : 'Restored.');
  return exitCodes.ok;
}
