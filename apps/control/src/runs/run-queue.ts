import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { LOGGER, STOPPING } from '@greenscreen/host/context';
import { type Logger } from '@greenscreen/host/logging';
import { type ScenarioRun } from '@greenscreen/model/runs';
import { setTimeout as delay } from 'node:timers/promises';
import { RunRecorder } from './run-recorder.js';
import { RUN_SETTINGS, type RunSettings } from './run-settings.js';
import { type RunEnd, RunStore } from './run-store.js';
import { RUNNER, type RunnerLoader, type ScenarioRunner, type ScenarioSource } from './scenario-runner.js';

/** An aborted run ends at its next checkpoint or wait. One whose device waits in real time is left to itself after so long. */
const GRACE_MS = 10_000;
const STOPPED = 'The process that played it was stopped';
const nothingShown = { screen: null, hresult: null, differences: [] } as const;

interface Playing {
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/**
 * Plays runs that wait in Postgres, so many at a time in this process. Nobody waits for them all the time: a process looks for one when it was
 * asked for one, when one of its own is over, and when it is asked about one that still waits.
 */
@Injectable()
export class RunQueue implements OnModuleDestroy {
  private readonly playing = new Map<string, Playing>();
  private looking: Promise<void> = Promise.resolve();
  private loaded: Promise<ScenarioRunner> | undefined;
  private closing = false;

  constructor(
    private readonly store: RunStore,
    @Inject(RUN_SETTINGS) private readonly settings: RunSettings,
    @Inject(RUNNER) private readonly load: RunnerLoader | undefined,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(STOPPING) stopping: AbortSignal,
  ) {
    stopping.addEventListener('abort', () => this.close(), { once: true });
  }

  /** Undefined in a process that has none. */
  runner(): Promise<ScenarioRunner> | undefined {
    return (this.loaded ??= this.load?.());
  }

  /** Begins as many of the runs that wait as there is room for. */
  look(): void {
    if (!this.load) return;
    this.looking = this.looking
      .then(() => this.fill())
      .catch((error: unknown) => this.logger.error({ err: error }, 'runs that wait could not be looked for'));
  }

  /** False when it is over already. Without the run's process here, that one hears of it with its next entry. */
  async abort(run: string): Promise<boolean> {
    const asked = await this.store.askToAbort(run);
    this.playing.get(run)?.abort.abort();
    this.look();
    return asked;
  }

  async onModuleDestroy(): Promise<void> {
    this.close();
    await this.looking;
    await Promise.all([...this.playing.values()].map(({ done }) => done));
    (await this.loaded)?.close();
  }

  private close(): void {
    this.closing = true;
    for (const { abort } of this.playing.values()) abort.abort(STOPPED);
  }

  private async fill(): Promise<void> {
    while (!this.closing && this.playing.size < this.settings.runsAtOnce) {
      const run = await this.store.claim();
      if (!run) return;
      const abort = new AbortController();
      if (this.closing) abort.abort(STOPPED);
      const done = this.play(run, abort)
        .catch((error: unknown) => this.logger.error({ err: error, run: run.run }, 'the end of a run could not be written'))
        .finally(() => {
          this.playing.delete(run.run);
          this.look();
        });
      this.playing.set(run.run, { abort, done });
    }
  }

  private async play(row: ScenarioRun, abort: AbortController): Promise<void> {
    const { run, tenantId } = row;
    const recorder = new RunRecorder(run, this.store, this.logger, () => abort.abort());
    let end: RunEnd;
    try {
      const runner = await this.runner();
      if (!runner) throw new Error('This process has no runner');
      const { signal } = abort;
      const order = { source: sourceOf(row), run, tenantId, signal, onEntry: recorder.take.bind(recorder) };
      const { differences, screen, hresult } = await Promise.race([runner.play(order), abandoned(signal)]);
      end = { verdict: differences.length === 0 ? 'as-expected' : 'different', problem: null, screen, hresult, differences };
    } catch (error) {
      end = abort.signal.aborted ? aborted(abort.signal) : { verdict: 'failed', problem: messageOf(error), ...nothingShown };
      if (!abort.signal.aborted) this.logger.warn({ err: error, run }, 'a run could not be played to its end');
    }
    await recorder.end(end);
  }
}

const sourceOf = ({ scenario, document }: ScenarioRun): ScenarioSource => (document === null ? { id: scenario } : { document });

const aborted = ({ reason }: AbortSignal): RunEnd => ({
  verdict: 'aborted',
  problem: reason === STOPPED ? STOPPED : null,
  ...nothingShown,
});

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Rejects once a run has not ended although it was asked to. */
async function abandoned(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  await delay(GRACE_MS, undefined, { ref: false });
  throw new Error('The run did not end');
}
