import { type Logger } from '@greenscreen/host/logging';
import { type Continuation, type NumberedEntry, type RunEnd, type RunStore } from './run-store.js';
import { type PlayedEntry } from './scenario-runner.js';

/** Entries are written in batches: a run has several hundred of them in a second or two. */
const DELAY_MS = 100;
/** A run that has nothing to tell shows that way that it goes on. */
const SIGN_OF_LIFE_MS = 5_000;

/** Writes what happens in a run that is played here, while it goes on. */
export class RunRecorder {
  private waiting: NumberedEntry[] = [];
  private number = 0;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();
  private readonly alive: NodeJS.Timeout;

  /** `onWord`: told when the rows say that the run shall not go on. */
  constructor(
    private readonly run: string,
    private readonly store: RunStore,
    private readonly logger: Logger,
    private readonly onWord: (word: Exclude<Continuation, 'go-on'>) => void,
  ) {
    this.alive = setInterval(() => this.flush(), SIGN_OF_LIFE_MS).unref();
  }

  take(entry: PlayedEntry): void {
    this.add(entry);
    this.timer ??= setTimeout(() => this.flush(), DELAY_MS).unref();
  }

  /** Writes the rest, and how it ended. */
  async end(end: RunEnd): Promise<void> {
    clearInterval(this.alive);
    clearTimeout(this.timer);
    await this.writing;
    const { verdict, problem, screen, hresult, differences } = end;
    this.add({ at: new Date(), kind: 'outcome', ...{ state: verdict, problem, screen, hresult, differences } });
    await this.store.end(this.run, this.waiting.splice(0), end);
  }

  private add(entry: PlayedEntry): void {
    this.number += 1;
    this.waiting.push({ number: this.number, kind: entry.kind, entry: JSON.stringify(entry) });
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing = this.writing.then(async () => {
      const entries = this.waiting.splice(0);
      try {
        const word = await this.store.write(this.run, entries);
        if (word !== 'go-on') this.onWord(word);
      } catch (error) {
        // They go with the next ones: a database that was away for a moment leaves no gap.
        this.waiting.unshift(...entries);
        this.logger.error({ err: error, run: this.run }, 'entries of a run could not be written');
      }
    });
  }
}
