import { type DeviceContext, DeploymentError, type EspState, hex, NetworkError } from '../context/index.js';
import { PageTimeoutError } from './page-errors.js';
import {
  categories,
  type Category,
  type Line,
  linesOf,
  shownLine,
  type SilentStep,
  silentStepsOf,
  subcategoryName,
} from './subcategories.js';

export type PageContext = Pick<DeviceContext, 'clock' | 'registry' | 'events' | 'timeline' | 'traits'>;

const SETTINGS_KEY = 'HKLM\\SOFTWARE\\Microsoft\\Provisioning\\AutopilotSettings';
/** Until the device is enrolled (06, D-B40). */
const GUARD_MINUTES = 60;
const MINUTE_MS = 60_000;
const SECOND_MS = 1000;
/** Text of what was going on when the page failed for another reason. */
const FAILED = 'Failed';

interface LineState {
  readonly state: EspState;
  readonly text: string;
}

/** The Enrollment Status Page: its lines, and the registry that mirrors them (reference 05, A.6). */
export class StatusPage {
  private readonly lines = new Map<Line, LineState>();
  private readonly steps = new Map<SilentStep, EspState>();
  private readonly openedAt: number;
  private guardMinutes = GUARD_MINUTES;

  constructor(private readonly context: PageContext) {
    this.openedAt = context.clock.now().getTime();
  }

  /** Minutes of `TimeOutUntilSyncFailure`, counted from when the page opened (06, D-B40). */
  setTimeout(minutes: number): void {
    this.guardMinutes = minutes;
  }

  get deadline(): Date {
    return new Date(this.openedAt + this.guardMinutes * MINUTE_MS);
  }

  /** Milliseconds that the page's timer still runs; whole seconds. */
  get remaining(): number {
    const left = this.deadline.getTime() - this.context.clock.now().getTime();
    return Math.max(0, Math.ceil(left / SECOND_MS) * SECOND_MS);
  }

  /**
   * Throws {@link PageTimeoutError} once the page's timer has run out; what was in progress in the category that had its turn has failed,
   * without a code.
   */
  checkTimer(): void {
    if (this.context.clock.now() < this.deadline) return;
    const open = [...this.lines].flatMap(([line, { state }]) => (state === 'inProgress' ? [line] : []));
    const current = categories.find((category) => open.some((line) => categoryOf(line) === category));
    for (const line of open) if (categoryOf(line) === current) this.set(line, 'failed', FAILED);
    throw new PageTimeoutError();
  }

  set(line: Line, state: EspState, text: string): void {
    const known = this.lines.get(line);
    if (known?.state === state && known.text === text) return;
    this.lines.set(line, { state, text });
    this.context.timeline.note({ kind: 'esp', line: subcategoryName(line), state, text });
    this.mirror(categoryOf(line));
  }

  /** Work without a line. */
  setSilently(step: SilentStep, state: EspState): void {
    this.steps.set(step, state);
    this.mirror(categoryOf(step));
  }

  stateOf(line: Line): EspState {
    return this.lines.get(line)?.state ?? 'notStarted';
  }

  /** Whether a line has failed: what went wrong stands on this page. */
  get hasFailed(): boolean {
    return [...this.lines.values()].some(({ state }) => state === 'failed');
  }

  /** A line that is one piece of work: in progress, then "Completed", or failed with its code and every later line with it. */
  async run<T>(
    line: Line,
    work: () => Promise<T>,
    failureText: (error: DeploymentError | NetworkError, code: string) => string = inBrackets,
  ): Promise<T> {
    this.set(line, 'inProgress', 'Working on it');
    try {
      const result = await work();
      this.set(line, 'succeeded', 'Completed');
      return result;
    } catch (error) {
      if (error instanceof PageTimeoutError) this.fail(line, FAILED);
      else if (error instanceof DeploymentError || error instanceof NetworkError) this.fail(line, failureText(error, hex(error.hresult)));
      throw error;
    }
  }

  fail(line: Line, text: string): void {
    this.set(line, 'failed', text);
    const lines = linesOf(categoryOf(line));
    for (const later of lines.slice(lines.indexOf(line) + 1)) this.set(later, 'failedFromPreviousSubcategory', 'Previous step failed');
  }

  /** One JSON text a category; members as the page's own, of 1903 as text only (reference 05, A.6 [client: AutopilotMonitor]). */
  private mirror(category: Category): void {
    const lines = linesOf(category);
    const states = lines.map((line) => this.stateOf(line));
    const failed = states.some((state) => state === 'failed');
    const done = states.every((state) => state === 'succeeded');
    const status: Record<string, unknown> = {
      categorySucceeded: failed ? false : done ? true : null,
      categoryStatusMessage: failed ? FAILED : done ? 'Complete' : 'Working on it',
    };
    for (const line of lines) {
      const { state, text } = this.lines.get(line) ?? { state: 'notStarted', text: '' };
      status[subcategoryName(line)] = this.member(state, shownLine(line, text));
    }
    for (const step of silentStepsOf(category)) status[step] = this.member(this.steps.get(step) ?? 'notStarted', '');
    this.context.registry.set(SETTINGS_KEY, `${category}Category.Status`, JSON.stringify(status));
  }

  private member(state: EspState, text: string): unknown {
    return this.context.traits.ui === 'classic1903' ? text : { subcategoryState: state, subcategoryStatusText: text };
  }
}

const categoryOf = (name: Line | SilentStep): Category => {
  const [category] = name.split('.');
  const known = categories.find((candidate) => candidate === category);
  if (!known) throw new Error(`${name} is on no page`);
  return known;
};

const inBrackets = (_error: unknown, code: string): string => `(${code})`;
