import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { type Finding } from './finding.js';

const GIB = 1024 ** 3;
/** A cluster with its write-ahead log, and some room. */
const SPACE_NEEDED = 0.5 * GIB;

export function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const good = major > 20 || (major === 20 && minor >= 19);
  return { grade: good ? 'ok' : 'bad', text: `Node.js ${process.versions.node}${good ? '' : ': 20.19 or newer is needed'}` };
}

export function dataDirectory(directory: string): Finding {
  let existing = directory;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  try {
    accessSync(existing, constants.W_OK);
    const { bavail, bsize } = statfsSync(existing);
    const free = bavail * bsize;
    if (free < SPACE_NEEDED)
      return { grade: 'bad', text: `${directory}: only ${(free / GIB).toFixed(1)} GiB are free; set GREENSCREEN_DATA_DIR to another disk` };
    return { grade: 'ok', text: `data directory ${directory}, ${(free / GIB).toFixed(0)} GiB free` };
  } catch {
    return { grade: 'bad', text: `${directory} cannot be written: set GREENSCREEN_DATA_DIR to a folder that you may write` };
  }
}

export function freePort(port: number, host: string): Promise<Finding> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () =>
      resolve({ grade: 'bad', text: `port ${port} is in use or not allowed: stop the other program or choose another` }),
    );
    server.listen(port, host, () => server.close(() => resolve({ grade: 'ok', text: `port ${port} is free` })));
  });
}

/** Programs that only some commands and tests want. */
export function program(name: string): Finding {
  if (runs(name)) return { grade: 'ok', text: `${name} is installed` };
  const reason = name === 'swtpm' ? ': replay --tpm swtpm and tpm need it' : '';
  return { grade: 'note', text: `${name} is not installed${reason}` };
}

/** Containers are one way to run it; nothing else needs an engine. */
export function containerEngine(): Finding {
  if (!runs('docker')) return { grade: 'note', text: 'docker is not installed: docker compose needs it' };
  try {
    execFileSync('docker', ['info'], { stdio: 'ignore', timeout: ENGINE_PATIENCE_MS });
    return { grade: 'ok', text: 'a container engine is running' };
  } catch {
    return { grade: 'note', text: 'docker is installed, but no engine answers: start it, or join the group that may use it' };
  }
}

const ENGINE_PATIENCE_MS = 5_000;

/** Whether there is such a program, whatever it thinks of `--version`. */
export function runs(name: string): boolean {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    return !(typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT');
  }
}
