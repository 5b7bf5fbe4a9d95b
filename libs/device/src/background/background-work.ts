import { type DeviceClock } from '../context/index.js';

interface Sleeper {
  /** In time that has passed here; never for one who waits for a condition only. */
  readonly due: number;
  readonly why: string;
  readonly until: (() => boolean) | undefined;
  readonly wake: () => void;
  readonly fail: (error: unknown) => void;
}

/** Windows has shut down: whatever went on ends where it stood. */
class ShutDownError extends Error {
  constructor() {
    super('Windows has shut down');
    this.name = 'ShutDownError';
  }
}

/**
 * What Windows does at the same time: installers and services behind, the status page in front. Time passes when everybody waits, and only
 * to the moment at which the first has waited long enough, so that a timer ends exactly when it should whatever else goes on. Nothing
 * happens behind while there is nobody in front.
 */
export class BackgroundWork {
  private readonly sleepers = new Set<Sleeper>();
  private readonly notBegun: (() => Promise<void>)[] = [];
  private readonly settled: (() => void)[] = [];
  /** Who neither waits nor has ended, the one in front included. */
  private busy = 0;
  private open = false;
  /** Milliseconds that have passed while somebody was in front. */
  private elapsed = 0;
  private defect: { readonly error: unknown } | undefined;

  constructor(private readonly time: DeviceClock) {}

  /** The clock of whoever works here, in front or behind. */
  readonly clock: DeviceClock = {
    now: () => this.time.now(),
    wait: (milliseconds, why) => this.pause(milliseconds, why),
    set: (time) => this.time.set(time),
  };

  /** Work behind. It begins at once, or when somebody comes to the front. A defect in it is thrown at the one in front. */
  start(work: () => Promise<void>): void {
    if (this.open) this.begin(work);
    else this.notBegun.push(work);
  }

  /** Work in front; one at a time. Returns when it has ended and everybody behind waits. */
  async inFront<T>(work: () => Promise<T>): Promise<T> {
    if (this.open) throw new Error('Somebody is in front already');
    this.open = true;
    this.busy += 1;
    for (const waiting of this.notBegun.splice(0)) this.begin(waiting);
    try {
      return await work();
    } finally {
      this.open = false;
      this.busy -= 1;
      if (this.busy > 0) await new Promise<void>((resolve) => this.settled.push(resolve));
    }
  }

  /** Waits, but not longer than until a condition holds; whoever makes it hold says so with {@link look}. */
  async pause(milliseconds: number, why: string, until?: () => boolean): Promise<void> {
    if (this.defect) throw this.defect.error;
    if (until?.()) return;
    const awake = new Promise<void>((resolve, reject) => {
      const end = (how: () => void) => () => {
        this.sleepers.delete(sleeper);
        this.busy += 1;
        how();
      };
      const sleeper: Sleeper = {
        due: this.elapsed + milliseconds,
        why,
        until,
        wake: end(resolve),
        fail: (error) => end(() => reject(error instanceof Error ? error : new Error(String(error))))(),
      };
      this.sleepers.add(sleeper);
    });
    this.rest();
    return awake;
  }

  /** Wakes those whose condition holds now. */
  look(): void {
    for (const { until, wake } of [...this.sleepers]) if (until?.()) wake();
  }

  /** Ends everything behind. */
  shutDown(): void {
    this.notBegun.length = 0;
    for (const { fail } of [...this.sleepers]) fail(new ShutDownError());
  }

  private begin(work: () => Promise<void>): void {
    this.busy += 1;
    void work()
      .catch((error: unknown) => {
        if (!(error instanceof ShutDownError)) this.crash(error);
      })
      .finally(() => this.rest());
  }

  /** Somebody waits or has ended. */
  private rest(): void {
    this.busy -= 1;
    if (this.busy > 0) return;
    if (this.open) void this.pass();
    else for (const resolve of this.settled.splice(0)) resolve();
  }

  /** Everybody waits: time passes for the one whose time comes first. */
  private async pass(): Promise<void> {
    const [next] = [...this.sleepers].filter(({ due }) => Number.isFinite(due)).sort((one, other) => one.due - other.due);
    if (!next) return this.crash(new Error('Everybody waits for somebody else'));
    const milliseconds = next.due - this.elapsed;
    if (milliseconds > 0) {
      try {
        await this.time.wait(milliseconds, next.why);
      } catch (error) {
        return this.crash(error);
      }
      this.elapsed = next.due;
    }
    next.wake();
  }

  private crash(error: unknown): void {
    this.defect ??= { error };
    for (const { fail } of [...this.sleepers]) fail(error);
  }
}
