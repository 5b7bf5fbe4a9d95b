// What `npm test` runs once everything is installed and built: lint, formatting, types, then every test; those on containers with WITH_DOCKER=1.
// Arguments go to Jest, and then the static checks are left out: `npm test -- test/flow`. The last line counts what passed and failed.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const only = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), 'greenscreen-test-'));
const results = join(scratch, 'results.json');

const say = (text) => process.stdout.write(`${text}\n`);
const node = (program, ...options) => [process.execPath, [join(root, 'node_modules', program), ...options]];

const checks = [
  ['lint', node('eslint/bin/eslint.js', '.')],
  ['format', node('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.')],
  ['types', node('typescript/bin/tsc', '-p', 'tsconfig.check.json')],
];
const jest = [
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    join(root, 'node_modules/jest/bin/jest.js'),
    '--json',
    `--outputFile=${results}`,
    ...only,
  ],
];

/** Runs a program to its end; its output is shown when it is over, or as it comes. */
function run([program, options], live) {
  return new Promise((finish) => {
    const child = spawn(program, options, { cwd: root, stdio: ['ignore', live ? 'ignore' : 'pipe', live ? 'inherit' : 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => finish({ passed: false, output: error.message }));
    child.once('close', (code) => finish({ passed: code === 0, output }));
  });
}

/** Tests as Jest counted them. A file that could not be run is one failure, and so is a Jest that wrote no results. */
function counted(passed) {
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(results, 'utf8'));
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    return { passed: numPassedTests, failed: passed ? failed : Math.max(failed, 1) };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

const total = { passed: 0, failed: 0 };
for (const [name, command] of only.length > 0 ? [] : checks) {
  const { passed, output } = await run(command, false);
  say(`${passed ? 'ok  ' : 'FAIL'} ${name}`);
  if (!passed) say(output);
  total[passed ? 'passed' : 'failed'] += 1;
}
if (!process.env.WITH_DOCKER && only.length === 0)
  say('skip containers: WITH_DOCKER=1 runs them, on the image that "docker compose build" makes');
const tests = counted((await run(jest, true)).passed);
rmSync(scratch, { recursive: true, force: true });
total.passed += tests.passed;
total.failed += tests.failed;
say(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
