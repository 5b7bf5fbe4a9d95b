// What `npm run replay`, `npm start`, `npm test` and `npm run bench` call: installs and builds what is missing, says what it is doing, then
// runs the command. Plain JavaScript without dependencies, because on a fresh clone there are none.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const PNPM = '10.34.9';
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const stamp = join(root, 'node_modules', '.greenscreen-installed');

const say = (text) => process.stderr.write(`${text}\n`);

function run(program, args, options = {}) {
  const result = spawnSync(program, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32', ...options });
  if (result.error) throw result.error;
  return result.status ?? 1;
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  say(`Greenscreen needs Node.js 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

/** The packages that the lockfile names, exactly; again only when it changed. */
function install() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('Installing dependencies (pnpm, lockfile frozen) …');
  const status = run('npx', ['--yes', `pnpm@${PNPM}`, 'install', '--frozen-lockfile', '--reporter=append-only'], {
    env: { ...process.env, CI: 'true' },
    stdio: ['ignore', process.env.GREENSCREEN_VERBOSE ? 'inherit' : 'ignore', 'inherit'],
  });
  if (status !== 0) {
    say('The dependencies could not be installed. Run "npx --yes pnpm@' + PNPM + ' install --frozen-lockfile" to see why.');
    process.exit(status);
  }
  writeFileSync(stamp, wanted);
}

function build() {
  if (!existsSync(join(root, 'apps/cli/dist/main.js'))) say('Building …');
  const status = run(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'tsconfig.json']);
  if (status !== 0) process.exit(status);
}

const [command = 'help', ...rest] = process.argv.slice(2);
checkNode();
install();
build();
if (command === 'test') process.exit(run(process.execPath, [join(root, 'test/run.mjs'), ...rest]));
else process.exit(run(process.execPath, ['--enable-source-maps', join(root, 'apps/cli/dist/main.js'), command, ...rest]));
