// What `npm run replay`, `npm start`, `npm test` and `npm run bench` call: installs and builds what is missing, says what it is doing, then
// runs the command. Plain JavaScript without dependencies, because on a fresh clone there are none.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const PNPM = '10.34.9';
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const stamp = join(root, 'node_modules', '.greenscreen-installed');

const say = (text) => process.stderr.write(`${text}\n`);

function fail(text, status = 1) {
  say(text);
  process.exit(status);
}

function step(program, args, options = {}) {
  const result = spawnSync(program, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32', ...options });
  if (result.error) fail(`${program} could not be started: ${result.error.message}`);
  if (result.signal) process.exit(128 + (constants.signals[result.signal] ?? 0));
  return result.status ?? 1;
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(`Greenscreen needs Node.js 20.19 or newer; this is ${process.versions.node}.`);
}

/** The packages that the lockfile names, exactly; again only when it changed. */
function install() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('Installing dependencies (pnpm, lockfile frozen) …');
  const status = step('npx', ['--yes', `pnpm@${PNPM}`, 'install', '--frozen-lockfile', '--reporter=append-only'], {
    env: { ...process.env, CI: 'true' },
    stdio: ['ignore', process.env.GREENSCREEN_VERBOSE ? 'inherit' : 'ignore', 'inherit'],
  });
  if (status !== 0) fail(`The dependencies could not be installed. "npx --yes pnpm@${PNPM} install --frozen-lockfile" shows why.`, status);
  try {
    writeFileSync(stamp, wanted);
  } catch {
    // a read-only node_modules: looked at again next time
  }
}

function build() {
  if (!existsSync(join(root, 'apps/cli/dist/main.js'))) say('Building …');
  const status = step(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'tsconfig.json']);
  if (status !== 0) process.exit(status);
}

/** Hands everything over to the command, which ends itself cleanly when it is interrupted; its exit code is ours. */
function handOver(program, args) {
  const child = spawn(process.execPath, [program, ...args], { cwd: process.cwd(), stdio: 'inherit' });
  // On a terminal Ctrl-C reaches the command by itself too; it takes both for one.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => fail(error.message));
  child.once('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal ?? ''] ?? 0)));
}

const [command = '--help', ...rest] = process.argv.slice(2);
checkNode();
install();
build();
if (command === 'test') handOver(join(root, 'test/run.mjs'), rest);
else handOver(join(root, 'apps/cli/bin/greenscreen.mjs'), [command, ...rest]);
