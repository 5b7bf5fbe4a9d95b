import { type RunEntry, type RunResult } from '@greenscreen/scenarios/run';
import { type Console } from './console.js';
import { finalScreen } from './final-screen.js';
import { stepLine, stepLines } from './step-lines.js';
import { verboseLine } from './verbose-line.js';

/** `quiet`: a line a step. `steps`: a step's page, requests, events and record changes. `everything`: each entry. */
export type Detail = 'quiet' | 'steps' | 'everything';

/** Shows a run while it goes on. */
export class RunPrinter {
  private step: RunEntry[] = [];

  constructor(
    private readonly out: Console,
    private readonly detail: Detail,
  ) {}

  take(entry: RunEntry): void {
    const { style } = this.out;
    if (entry.kind === 'phase') {
      this.flush();
      this.out.line(style.bold(`\n${entry.phase.toUpperCase()}`));
    } else if (this.detail === 'everything') this.out.line(verboseLine(entry, style));
    else this.group(entry);
  }

  /** What came after the last checkpoint, the screen, and how it compares. */
  finish(result: RunResult): void {
    const { style } = this.out;
    this.flush();
    this.out.line();
    for (const line of finalScreen(result, style)) this.out.line(line);
    this.out.line();
    for (const line of verdictLines(result, style)) this.out.line(line);
  }

  /** A step ends with the records that its checkpoint changed, or with the next step's first entry. */
  private group(entry: RunEntry): void {
    const last = this.step.at(-1);
    if (last?.kind === 'records' || (last?.kind === 'checkpoint' && entry.kind !== 'records')) this.flush();
    this.step.push(entry);
    if (entry.kind === 'records') this.flush();
  }

  /** Shows what came since the last step. */
  flush(): void {
    const lines = this.detail === 'quiet' ? stepLine(this.step, this.out) : stepLines(this.step, this.out);
    for (const line of lines) this.out.line(line);
    this.step = [];
  }
}

/** What was expected and did not come, or that all is as expected. */
export function verdictLines(
  { scenario, differences }: { readonly scenario: { readonly id: string } } & Pick<RunResult, 'differences'>,
  style: Console['style'],
): string[] {
  if (differences.length === 0) return [style.green(`✓ ${scenario.id}: as expected`)];
  return [
    style.red(`✗ ${scenario.id}: not as expected`),
    ...differences.map(({ what, expected, actual }) => `  ${what}: expected ${expected}, got ${actual}`),
  ];
}
