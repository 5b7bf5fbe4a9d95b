import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
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

export interface SwtpmOptions {
  readonly ek: 'rsa2048' | 'ecc';
  /** Where the TPM's state is kept, manufactured on first use; without one it is a new TPM, whose state goes with it. */
  readonly stateDir?: string;
}

/** A TPM 2.0 of swtpm, as a process of its own that ends with this one. Throws {@link SwtpmMissingError}. */
export async function startSwtpm({ ek, stateDir }: SwtpmOptions): Promise<Tpm> {
  if (!swtpmInstalled()) throw new SwtpmMissingError();
  const folder = stateDir ?? mkdtempSync(join(tmpdir(), 'greenscreen-swtpm-'));
  mkdirSync(folder, { recursive: true });
  // Descriptor 3 is one end of a socket pair: no name to be found by, and the TPM ends when this process does.
  const child = spawn('swtpm', ['socket', '--tpm2', '--tpmstate', `dir=${folder}`, '--fd', '3', '--flags', 'not-need-init'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8')));
  const onClose = async (): Promise<void> => {
    await ended(child);
    if (stateDir === undefined) rmSync(folder, { recursive: true, force: true });
  };
  const stream = child.stdio[3];
  if (!(stream instanceof Socket)) {
    await onClose();
    throw new Error('swtpm could not be given a socket');
  }
  try {
    return await useTpm(streamTransport(stream), { ek, onClose });
  } catch (error) {
    throw complaint === '' ? error : new Error(`swtpm: ${complaint.trim()}`, { cause: error });
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
