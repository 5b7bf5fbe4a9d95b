import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useTpm } from './commands/command-tpm.js';
import { streamTransport } from './commands/transport.js';
import { type Tpm } from './tpm.js';

/** swtpm is not on this machine. */
export class SwtpmMissingError extends Error {
  constructor() {
    super('swtpm is not installed: "apt-get install swtpm" (Debian, Ubuntu) or "dnf install swtpm" (Fedora) brings it');
    this.name = 'SwtpmMissingError';
  }
}

export const swtpmInstalled = (): boolean => spawnSync('swtpm', ['--version'], { stdio: 'ignore' }).status === 0;

/** A new TPM 2.0 of swtpm: manufactured in a temporary folder, which goes with it. Throws {@link SwtpmMissingError}. */
export async function startSwtpm({ ek }: { readonly ek: 'rsa2048' | 'ecc' }): Promise<Tpm> {
  if (!swtpmInstalled()) throw new SwtpmMissingError();
  const folder = mkdtempSync(join(tmpdir(), 'greenscreen-swtpm-'));
  const arguments_ = ['socket', '--tpm2', '--tpmstate', `dir=${folder}`, '--fd', '3', '--flags', 'not-need-init,startup-clear'];
  // Descriptor 3 is one end of a socket pair: nothing to look for, and the TPM ends with this process.
  const child = spawn('swtpm', arguments_, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const stream = child.stdio[3];
  const onClose = (): Promise<void> => ended(child, folder);
  if (!(stream instanceof Socket)) {
    await onClose();
    throw new Error('swtpm could not be given a socket');
  }
  return useTpm(streamTransport(stream), { ek, onClose });
}

async function ended(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    await new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.kill('SIGTERM');
    });
  }
  rmSync(folder, { recursive: true, force: true });
}
