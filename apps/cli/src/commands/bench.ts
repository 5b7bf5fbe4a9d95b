import { KeyPool } from '@greenscreen/crypto/keys';
import { findScenario } from '@greenscreen/scenarios/format';
import { type RunEntry, type RunResult, runScenario } from '@greenscreen/scenarios/run';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type Attestations, measureAttestations } from '../bench/attestations.js';
import { measureEntra } from '../bench/entra.js';
import { measureManagement } from '../bench/management.js';
import { MeasuredCloud } from '../bench/measured-cloud.js';
import { opensslSigningRate } from '../bench/openssl-rate.js';
import { AT_ONCE, type Rate } from '../bench/rate.js';
import { exitCodes } from '../exit-codes.js';
import { watchForInterruption } from '../interruption.js';
import { type Console } from '../output/console.js';
import { howLong } from '../output/words.js';
import { CommandError } from '../problem.js';
import { inParallel } from './in-parallel.js';

export interface BenchOptions {
  readonly json?: boolean;
  /** Runs for each device at a time. */
  readonly rounds: number;
}

/** Until then the server still compiles its code as it goes: the first run takes two to three times as long as the seventh. */
const WARM_UP_RUNS = 6;
const LEVELS = [1, 4, 16];
const SLOWEST = 5;
/** As many as devices take at once: each one for its TPM and one for the protocol. */
const KEYS_IN_STORE = 64;
const MIB = 1024 * 1024;

interface Level {
  readonly atOnce: number;
  readonly runs: number;
  readonly runsPerSecond: number;
  readonly requestsPerSecond: number;
  readonly serverCpuMillisecondsPerRun: number;
}

interface Measurement {
  readonly node: string;
  readonly cpus: number;
  /** Since the process began: with a new database, and with one that exists. */
  readonly readyMilliseconds: { readonly cold: number; readonly warm: number };
  readonly rssMiB: { readonly idle: number; readonly afterwards: number };
  readonly run: {
    readonly milliseconds: number;
    readonly requests: number;
    readonly privateKeyOperations: number;
    readonly slowest: readonly { readonly exchange: string; readonly milliseconds: number }[];
  };
  readonly levels: readonly Level[];
  readonly attestations: Attestations;
  readonly entra: readonly Rate[];
  readonly management: readonly Rate[];
  /** RSA-2048 signatures a second by OpenSSL on one core, before and after the runs; none without the program. */
  readonly opensslSignaturesPerSecond: number | null;
  /** Signatures that OpenSSL makes in the server's CPU time of a run. */
  readonly runInSignatures: number | null;
}

/** Measures the happy scenario against a cloud in a process of its own, beside what this machine's OpenSSL does in the same minute. */
export async function bench(options: BenchOptions, out: Console): Promise<number> {
  const interruption = watchForInterruption(() => out.progress('\nStopping …'));
  const keys = new KeyPool({ rsa2048: KEYS_IN_STORE });
  const dataDir = mkdtempSync(join(process.platform === 'win32' ? tmpdir() : '/var/tmp', 'greenscreen-bench-'));
  chmodSync(dataDir, 0o755);
  let cloud: MeasuredCloud | undefined;
  try {
    out.progress('starting twice …');
    cloud = await MeasuredCloud.start(dataDir);
    const cold = cloud.ready.milliseconds;
    await cloud.close();
    cloud = await MeasuredCloud.start(dataDir);
    const before = await opensslSigningRate();
    const measured = await measure(cloud, keys, options, interruption.signal, out);
    const after = await opensslSigningRate();
    const rate = before !== undefined && after !== undefined ? (before + after) / 2 : undefined;
    const perRun = Math.min(...measured.levels.map(({ serverCpuMillisecondsPerRun }) => serverCpuMillisecondsPerRun));
    const result: Measurement = {
      ...measured,
      readyMilliseconds: { cold, warm: cloud.ready.milliseconds },
      opensslSignaturesPerSecond: rate ?? null,
      runInSignatures: rate === undefined ? null : (perRun / 1000) * rate,
    };
    if (options.json) out.line(JSON.stringify(result, null, 2));
    else for (const line of tableOf(result)) out.line(line);
    return exitCodes.ok;
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    out.progress('Stopped; nothing is left running.');
    return exitCodes.interrupted;
  } finally {
    interruption.dispose();
    keys.close();
    await cloud?.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

type Measured = Omit<Measurement, 'readyMilliseconds' | 'opensslSignaturesPerSecond' | 'runInSignatures'>;

async function measure(cloud: MeasuredCloud, keys: KeyPool, options: BenchOptions, signal: AbortSignal, out: Console): Promise<Measured> {
  const scenario = findScenario('happy-entra-preprovision');
  const one = async (): Promise<RunResult> => {
    const result = await runScenario({ scenario, cloud: cloud.address, tpm: 'software', keys, signal });
    const wrong = result.differences[0];
    if (wrong) throw new CommandError(`A run is not as expected (${wrong.what}: ${wrong.actual}): measuring it would mean nothing`);
    return result;
  };
  const idle = await cloud.usage();
  out.progress('warming up …');
  for (let run = 0; run < WARM_UP_RUNS; run++) await one();
  await keys.fill();
  const start = await cloud.usage();
  const single = await one();
  const end = await cloud.usage();
  const levels: Level[] = [];
  for (const atOnce of LEVELS) {
    out.progress(`${atOnce} at a time …`);
    levels.push(await level(cloud, atOnce, atOnce === 1 ? 2 * options.rounds : atOnce * options.rounds, one, keys));
  }
  out.progress('attestations …');
  const attestations = await measureAttestations(cloud, keys);
  out.progress('tokens and joins …');
  const entra = await measureEntra(cloud, keys);
  out.progress('enrollments and sessions …');
  const management = await measureManagement(cloud, keys);
  const afterwards = await cloud.usage();
  return {
    node: process.version,
    cpus: cpus().length,
    rssMiB: { idle: idle.rss / MIB, afterwards: afterwards.rss / MIB },
    run: {
      milliseconds: single.milliseconds,
      requests: exchangesOf(single).length,
      privateKeyOperations: end.privateKeyOperations - start.privateKeyOperations,
      slowest: exchangesOf(single)
        .sort((one, other) => other.milliseconds - one.milliseconds)
        .slice(0, SLOWEST)
        .map(({ service, operation, milliseconds }) => ({ exchange: `${service} ${operation}`, milliseconds })),
    },
    levels,
    attestations,
    entra,
    management,
  };
}

async function level(cloud: MeasuredCloud, atOnce: number, runs: number, one: () => Promise<RunResult>, keys: KeyPool): Promise<Level> {
  await keys.fill();
  const before = await cloud.usage();
  const start = performance.now();
  const results = await inParallel(
    Array.from({ length: runs }, (_, index) => index),
    atOnce,
    one,
  );
  const seconds = (performance.now() - start) / 1000;
  const after = await cloud.usage();
  const requests = results.reduce((sum, result) => sum + exchangesOf(result).length, 0);
  return {
    atOnce,
    runs,
    runsPerSecond: runs / seconds,
    requestsPerSecond: requests / seconds,
    serverCpuMillisecondsPerRun: (after.cpuMilliseconds - before.cpuMilliseconds) / runs,
  };
}

const exchangesOf = ({ entries }: RunResult) =>
  entries.filter((entry): entry is Extract<RunEntry, { kind: 'exchange' }> => entry.kind === 'exchange');

function tableOf({
  node,
  cpus: cores,
  readyMilliseconds,
  rssMiB,
  run,
  levels,
  attestations,
  entra,
  management,
  opensslSignaturesPerSecond: rate,
  runInSignatures,
}: Measurement): string[] {
  const row = (name: string, value: string): string => `${name.padEnd(22)}${value}`;
  const rounded = (number: number, digits = 1): string => number.toFixed(digits);
  return [
    row('machine', `Node.js ${node}, ${cores} cores, ${Math.round(totalmem() / MIB / 1024)} GiB`),
    row(
      'start to ready',
      `${howLong(readyMilliseconds.warm)}; ${howLong(readyMilliseconds.cold)} with a new database; PostgreSQL included`,
    ),
    row('memory (RSS)', `${rounded(rssMiB.idle, 0)} MiB idle, ${rounded(rssMiB.afterwards, 0)} MiB after all runs, PostgreSQL apart`),
    row(
      'one run',
      `${howLong(run.milliseconds)}, ${run.requests} requests, ${run.privateKeyOperations} RSA private-key operations on the server`,
    ),
    ...levels.map(({ atOnce, runsPerSecond, requestsPerSecond, serverCpuMillisecondsPerRun, runs }) =>
      row(
        `${atOnce} at a time`,
        `${rounded(runsPerSecond, 2)} runs/s, ${rounded(requestsPerSecond, 0)} requests/s, server CPU ${rounded(serverCpuMillisecondsPerRun, 0)} ms a run (${runs} runs)`,
      ),
    ),
    row(
      'attestations',
      `${rounded(attestations.perSecond)}/s with ${attestations.atOnce} at once, p99 ${rounded(attestations.p99Milliseconds, 0)} ms an exchange, server CPU ${rounded(attestations.serverCpuMilliseconds)} ms each`,
    ),
    ...[...entra, ...management].map(({ name, perSecond, serverCpuMilliseconds, privateKeyOperations }) =>
      row(
        name,
        `${rounded(perSecond, 0)}/s with ${AT_ONCE} at once, server CPU ${rounded(serverCpuMilliseconds, 2)} ms each${
          rate === null ? '' : `, which is ${rounded((serverCpuMilliseconds / 1000) * rate)} signatures`
        }; ${rounded(privateKeyOperations, 0)} made`,
      ),
    ),
    ...(rate === null || runInSignatures === null
      ? [row('OpenSSL', 'not installed: no comparison')]
      : [
          row('OpenSSL', `${rounded(rate, 0)} RSA-2048 signatures/s on one core, in the same minute`),
          row(
            'ratio',
            `a run costs the server the CPU time of ${rounded(runInSignatures, 0)} signatures; it makes ${run.privateKeyOperations}`,
          ),
        ]),
    row('slowest exchanges', run.slowest.map(({ exchange, milliseconds }) => `${exchange} ${rounded(milliseconds)} ms`).join(', ')),
  ];
}
