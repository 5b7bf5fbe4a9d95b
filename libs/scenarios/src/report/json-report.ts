import { type RunResult } from '../run/index.js';

/** One run in the JSON report. */
export interface ReportedRun {
  readonly scenario: string;
  readonly title: string;
  readonly serial: string;
  readonly tenant: string;
  readonly run: string;
  readonly passed: boolean;
  readonly screen: string;
  readonly hresult?: string;
  readonly disposition?: number;
  readonly differences: RunResult['differences'];
  readonly checkpoints: readonly { readonly checkpoint: string; readonly at: string }[];
  readonly requests: number;
  readonly startedAt: string;
  /** Wall time. */
  readonly milliseconds: number;
  readonly deviceMilliseconds: number;
}

/** A run that could not be one: the cloud went away, or a defect. */
export interface BrokenRun {
  readonly scenario: string;
  readonly title: string;
  readonly serial: string;
  readonly error: string;
}

export interface Report {
  readonly passed: number;
  readonly failed: number;
  readonly runs: readonly (ReportedRun | BrokenRun)[];
}

/** What a program wants to know of some runs; for `--json`. */
export function toReport(runs: readonly (RunResult | BrokenRun)[]): Report {
  const reported = runs.map((run) => ('error' in run ? run : reportedRun(run)));
  const passed = reported.filter((run) => 'passed' in run && run.passed).length;
  return { passed, failed: reported.length - passed, runs: reported };
}

function reportedRun(result: RunResult): ReportedRun {
  const { scenario, outcome, entries } = result;
  return {
    scenario: scenario.id,
    title: scenario.title,
    serial: result.serial,
    tenant: result.tenant.id,
    run: result.run,
    passed: result.differences.length === 0,
    screen: outcome.screen,
    ...(outcome.hresult === undefined ? {} : { hresult: outcome.hresult }),
    ...(outcome.disposition === undefined ? {} : { disposition: outcome.disposition }),
    differences: result.differences,
    checkpoints: entries.flatMap((entry) =>
      entry.kind === 'checkpoint' ? [{ checkpoint: entry.checkpoint, at: entry.at.toISOString() }] : [],
    ),
    requests: entries.filter(({ kind }) => kind === 'exchange' || kind === 'exchange-failed').length,
    startedAt: result.startedAt.toISOString(),
    milliseconds: Math.round(result.milliseconds),
    deviceMilliseconds: Math.round(result.deviceMilliseconds),
  };
}
