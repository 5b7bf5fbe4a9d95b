import { exitCodes } from '../exit-codes.js';
import { type Console } from '../output/console.js';
import { withControl } from './with-control.js';

export interface SnapshotOptions {
  readonly control?: string;
}

/** Snapshots and their size. */
export async function listSnapshots({ control }: SnapshotOptions, out: Console): Promise<number> {
  const snapshots = await withControl(control, (client) => client.snapshots());
  if (snapshots.length === 0) out.line('There is no snapshot.');
  for (const { name, size } of snapshots) out.line(`${name.padEnd(24)} ${Math.ceil(size / 1024)} KiB`);
  return exitCodes.ok;
}

export async function takeSnapshot(name: string, { control }: SnapshotOptions, out: Console): Promise<number> {
  await withControl(control, (client) => client.takeSnapshot(name));
  out.line(`Taken: ${name}`);
  return exitCodes.ok;
}

export async function restoreSnapshot(name: string, { control }: SnapshotOptions, out: Console): Promise<number> {
  await withControl(control, (client) => client.restoreSnapshot(name));
  out.line(`Restored: ${name}`);
  return exitCodes.ok;
}

export async function dropSnapshot(name: string, { control }: SnapshotOptions, out: Console): Promise<number> {
  await withControl(control, (client) => client.dropSnapshot(name));
  out.line(`Dropped: ${name}`);
  return exitCodes.ok;
}
