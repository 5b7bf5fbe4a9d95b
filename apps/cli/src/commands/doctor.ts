import { defaultDataDir, readCloudSettings } from '@greenscreen/all';
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { exitCodes } from '../exit-codes.js';
import { type Console } from '../output/console.js';
import { withControl } from './with-control.js';

/** `ok`, `note` (something optional is missing), or `bad` (it will not work like this). */
interface Finding {
  readonly grade: 'ok' | 'note' | 'bad';
  readonly text: string;
}

const GIB = 1024 ** 3;
/** A cluster with its write-ahead log, and some room. */
const SPACE_NEEDED = 0.5 * GIB;

/** Looks at what a cloud on this machine needs, and says what is missing and what to do. */
export async function doctor(out: Console): Promise<number> {
  const running = await isRunning();
  const settings = readCloudSettings();
  const findings = [
    nodeVersion(),
    running ? { grade: 'ok', text: 'a cloud is running' } : { grade: 'note', text: 'no cloud is running: "npm start" starts one' },
    ...(settings.databaseUrl || process.env.DATABASE_URL ? [] : [dataDirectory(settings.dataDir ?? defaultDataDir())]),
    ...(running
      ? []
      : await Promise.all(
          [settings.gatewayPort, settings.gatewayHttpPort, settings.controlPort].map((port) => freePort(port, settings.host)),
        )),
    ...['openssl', 'swtpm', 'tpm2_getcap'].map(program),
  ] satisfies Finding[];
  const sign = { ok: out.style.green('✓'), note: out.style.yellow('·'), bad: out.style.red('✗') };
  for (const { grade, text } of findings) out.line(`${sign[grade]} ${text}`);
  return findings.some(({ grade }) => grade === 'bad') ? exitCodes.unexpected : exitCodes.ok;
}

async function isRunning(): Promise<boolean> {
  try {
    return (await withControl(undefined, (control) => control.readiness())).ready;
  } catch {
    return false;
  }
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const good = major > 20 || (major === 20 && minor >= 19);
  return { grade: good ? 'ok' : 'bad', text: `Node.js ${process.versions.node}${good ? '' : ': 20.19 or newer is needed'}` };
}

function dataDirectory(directory: string): Finding {
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

function freePort(port: number, host: string): Promise<Finding> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () =>
      resolve({ grade: 'bad', text: `port ${port} is in use or not allowed: stop the other program or choose another` }),
    );
    server.listen(port, host, () => server.close(() => resolve({ grade: 'ok', text: `port ${port} is free` })));
  });
}

/** Programs that only some commands and tests want. */
function program(name: string): Finding {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' });
    return { grade: 'ok', text: `${name} is installed` };
  } catch (error) {
    const missing = typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
    if (!missing) return { grade: 'ok', text: `${name} is installed` };
    return { grade: 'note', text: `${name} is not installed${name === 'swtpm' ? ': replay --tpm swtpm needs it' : ''}` };
  }
}
