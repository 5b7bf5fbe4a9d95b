import { type DeviceContext, DeploymentError, type EspState, hex, NetworkError } from '../context/index.js';
import { type Category, type Line, linesOf, subcategoryName } from './subcategories.js';

export type PageContext = Pick<DeviceContext, 'clock' | 'registry' | 'events' | 'timeline'>;

const SETTINGS_KEY = 'HKLM\\SOFTWARE\\Microsoft\\Provisioning\\AutopilotSettings';
/** Until the device is enrolled (06, D-B40). */
const GUARD_MINUTES = 60;
const MINUTE_MS = 60_000;
/** HRESULT of ERROR_TIMEOUT; a page that times out shows text without a code, but its callers want one. */
export const TIMED_OUT = 0x800705b4;

interface LineState {
  readonly state: EspState;
  readonly text: string;
}

/** The page's own timer ran out: the result page shows the timeout text, and no code (06, D-B40). */
export class PageTimeoutError extends DeploymentError {
  constructor() {
    super(TIMED_OUT, 'The Enrollment Status Page timed out');
    this.name = 'PageTimeoutError';
  }
}

/** The Enrollment Status Page: its lines, and the registry that mirrors them (reference 05, A.6). */
export class StatusPage {
  private readonly lines = new Map<Line, LineState>();
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

  /** Throws {@link PageTimeoutError} once the page's timer has run out. */
  checkTimer(): void {
    if (this.context.clock.now() >= this.deadline) throw new PageTimeoutError();
  }

  set(line: Line, state: EspState, text: string): void {
    const known = this.lines.get(line);
    if (known?.state === state && known.text === text) return;
    this.lines.set(line, { state, text });
    this.context.timeline.note({ kind: 'esp', line: subcategoryName(line), state, text });
    this.mirror(categoryOf(line));
  }

  stateOf(line: Line): EspState {
    return this.lines.get(line)?.state ?? 'notStarted';
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
      if (error instanceof DeploymentError || error instanceof NetworkError) this.fail(line, failureText(error, hex(error.hresult)));
      throw error;
    }
  }

  fail(line: Line, text: string): void {
    this.set(line, 'failed', text);
    const lines = linesOf(categoryOf(line));
    for (const later of lines.slice(lines.indexOf(line) + 1)) this.set(later, 'failedFromPreviousSubcategory', 'Previous step failed');
  }

  /** One JSON text a category; members as the page's own (reference 05, A.6 [client: AutopilotMonitor]). */
  private mirror(category: Category): void {
    const lines = linesOf(category);
    const states = lines.map((line) => this.stateOf(line));
    const failed = states.some((state) => state === 'failed');
    const done = states.every((state) => state === 'succeeded');
    const status: Record<string, unknown> = {
      categorySucceeded: failed ? false : done ? true : null,
      categoryStatusMessage: failed ? 'Failed' : done ? 'Complete' : 'Working on it',
    };
    for (const line of lines) {
      const { state, text } = this.lines.get(line) ?? { state: 'notStarted', text: '' };
      status[subcategoryName(line)] = { subcategoryState: state, subcategoryStatusText: text };
    }
    this.context.registry.set(SETTINGS_KEY, `${category}Category.Status`, JSON.stringify(status));
  }
}

const categoryOf = (line: Line): Category => {
  const [category = ''] = line.split('.');
  return category as Category;
};

const inBrackets = (_error: unknown, code: string): string => `(${code})`;
