import { KeyPool } from '@greenscreen/crypto/keys';
import { catalogue, findScenarios, type Scenario } from '@greenscreen/scenarios/format';
import {
  type CloudAddress,
  needsCloudAlone,
  type RunEntry,
  type RunResult,
  runScenario,
  seededTenant,
  type TpmKind,
} from '@greenscreen/scenarios/run';
import { type BrokenRun, toJUnit, toReport } from '@greenscreen/scenarios/report';
import { writeArtefacts } from '@greenscreen/scenarios/artefacts';
import { type WantedTenant } from '@greenscreen/scenarios/cloud';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { addressOf, addressOfOwn } from '../cloud/addresses.js';
import { openReplayCloud, replayCloudIsNew } from '../cloud/own-cloud.js';
import { whileWaiting } from '../cloud/waiting.js';
import { exitCodes } from '../exit-codes.js';
import { type Interruption, watchForInterruption } from '../interruption.js';
import { type Console } from '../output/console.js';
import { RunPrinter } from '../output/run-printer.js';
import { runLine, summaryLine } from '../output/run-line.js';
import { howLong } from '../output/words.js';
import { CommandError, explain } from '../problem.js';
import { inParallel } from './in-parallel.js';

export interface ReplayOptions {
  readonly all?: boolean;
  readonly json?: string;
  readonly junit?: string;
  readonly out?: string;
  readonly tpm: TpmKind;
  readonly against?: string;
  readonly control?: string;
  readonly devices: number;
  readonly concurrency?: number;
  readonly verbose?: boolean;
  readonly quiet?: boolean;
}

const DEFAULT_SCENARIO = 'happy-entra-preprovision';
/** RSA keys kept ready for a device: its TPM's, and the one of its enrollment. */
const KEYS_IN_STORE = 4;
/** Of the whole catalogue at a time: while one run waits for the database, others use the processor. More do not help. */
const OF_ALL_AT_ONCE = 3;

/** Replays scenarios, each in a tenant of its own, and compares with what they expect. */
export async function replay(names: readonly string[], options: ReplayOptions, out: Console): Promise<number> {
  const scenarios = findScenarios(options.all ? catalogue() : names.length > 0 ? names : [DEFAULT_SCENARIO]);
  if (options.control !== undefined && options.against === undefined)
    throw new CommandError('--control says where the control API of another cloud is: give its gateway with --against too');
  const jobs = scenarios.flatMap((scenario) => devicesOf(scenario, options.devices));
  const interruption = watchForInterruption(() => out.progress('\nStopping …'));
  try {
    const runs = await withCloud(options, out, interruption, (cloud) => runAll(jobs, cloud, options, out, interruption));
    if (interruption.signal.aborted) {
      out.progress(`Stopped before the end: ${runs.length} of ${jobs.length} finished. Nothing is left running.`);
      return exitCodes.interrupted;
    }
    writeReports(runs, options);
    if (jobs.length > 1) out.line(summaryLine(runs, out.style));
    return runs.every((run) => 'differences' in run && run.differences.length === 0) ? exitCodes.ok : exitCodes.unexpected;
  } finally {
    interruption.dispose();
  }
}

/** One scenario for each of so many devices: `LAB-0001`, `LAB-0002`, … */
function devicesOf(scenario: Scenario, devices: number): Scenario[] {
  const { serial } = scenario.device;
  const [, stem = serial, digits = ''] = /^(.*?)(\d*)$/.exec(serial) ?? [];
  const numbered = (index: number): string =>
    digits === '' ? `${stem}-${index + 1}` : `${stem}${String(Number(digits) + index).padStart(digits.length, '0')}`;
  return Array.from({ length: devices }, (_, index) =>
    index === 0 ? scenario : { ...scenario, device: { ...scenario.device, serial: numbered(index) } },
  );
}

async function withCloud(
  { against, control }: ReplayOptions,
  out: Console,
  { signal }: Interruption,
  work: (cloud: CloudAddress) => Promise<(RunResult | BrokenRun)[]>,
): Promise<(RunResult | BrokenRun)[]> {
  if (against !== undefined) return work(addressOf(against, control));
  const start = performance.now();
  const cloud = await whileWaiting('starting the cloud …', openReplayCloud);
  try {
    if (signal.aborted) return [];
    out.progress(
      out.style.dim(
        `Cloud ready in ${howLong(performance.now() - start)}: https://127.0.0.1:${cloud.gatewayPort}, control http://127.0.0.1:${cloud.controlPort}`,
      ),
    );
    return await work(addressOfOwn(cloud));
  } finally {
    await cloud.close();
  }
}

async function runAll(
  jobs: readonly Scenario[],
  cloud: CloudAddress,
  options: ReplayOptions,
  out: Console,
  { signal }: Interruption,
): Promise<(RunResult | BrokenRun)[]> {
  const keys = new KeyPool({ rsa2048: KEYS_IN_STORE });
  const tenantOf = options.against === undefined && replayCloudIsNew() ? tenantsOfSeeds() : undefined;
  const printer = jobs.length === 1 ? new RunPrinter(out, options.verbose ? 'everything' : options.quiet ? 'quiet' : 'steps') : undefined;
  const one = async (scenario: Scenario): Promise<RunResult | BrokenRun | undefined> => {
    if (signal.aborted) return undefined;
    try {
      if (printer) out.line(`${out.style.bold(scenario.id)}  ${scenario.title}`);
      const tenant = tenantOf?.(scenario);
      const onEntry = (entry: RunEntry): void => printer?.take(entry);
      const result = await runScenario({ scenario, cloud, tpm: options.tpm, keys, signal, onEntry, ...(tenant ? { tenant } : {}) });
      if (options.out !== undefined)
        keepArtefacts(jobs.length === 1 ? options.out : join(options.out, `${scenario.id}-${result.serial}`), result);
      if (printer) printer.finish(result);
      else out.line(runLine(result, out.style));
      return result;
    } catch (error) {
      if (signal.aborted) return undefined;
      if (printer) throw error;
      const broken = { scenario: scenario.id, title: scenario.title, serial: scenario.device.serial, error: explain(error) };
      out.line(runLine(broken, out.style));
      return broken;
    }
  };
  try {
    const together = jobs.filter((job) => !needsCloudAlone(job));
    const results = await inParallel(together, options.concurrency ?? (options.all ? OF_ALL_AT_ONCE : 1), one);
    const alone = await inParallel(jobs.filter(needsCloudAlone), 1, one);
    return [...results, ...alone].filter((result) => result !== undefined);
  } finally {
    keys.close();
  }
}

/** In a cloud of its own a replay gives the same ids each time. */
function tenantsOfSeeds(): (scenario: Scenario) => WantedTenant {
  const times = new Map<string, number>();
  return (scenario) => {
    const key = `${scenario.id} ${scenario.device.serial}`;
    const time = (times.get(key) ?? 0) + 1;
    times.set(key, time);
    return seededTenant(scenario, time);
  };
}

function keepArtefacts(directory: string, result: RunResult): void {
  try {
    writeArtefacts(directory, result);
  } catch (error) {
    throw new CommandError(`The artefacts could not be written: ${explain(error)}`, { cause: error });
  }
}

function writeReports(runs: readonly (RunResult | BrokenRun)[], { json, junit }: ReplayOptions): void {
  const report = toReport(runs);
  if (json !== undefined) writeReport(json, `${JSON.stringify(report, null, 2)}\n`);
  if (junit !== undefined) writeReport(junit, toJUnit(report));
}

function writeReport(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    throw new CommandError(`The report could not be written: ${explain(error)}`, { cause: error });
  }
}
