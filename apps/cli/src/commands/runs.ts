import { type RunSummary, type TimelineStep } from '@greenscreen/scenarios/cloud';
import { exitCodes } from '../exit-codes.js';
import { type Console } from '../output/console.js';
import { type Style } from '../output/style.js';
import { statusText } from '../output/verbose-line.js';
import { withControl } from './with-control.js';

export interface RunsOptions {
  readonly control?: string;
  readonly json?: boolean;
}

/** The latest runs. */
export async function listRuns({ control, json }: RunsOptions, out: Console): Promise<number> {
  const runs = await withControl(control, (client) => client.runs());
  if (json) out.line(JSON.stringify(runs, null, 2));
  else if (runs.length === 0) out.line('The journal knows no run.');
  else for (const run of runs) out.line(summaryLine(run, out.style));
  return exitCodes.ok;
}

/** What happened in one. */
export async function showRun(run: string, { control, json }: RunsOptions, out: Console): Promise<number> {
  const found = await withControl(control, (client) => client.runTimeline(run));
  if (json) out.line(JSON.stringify(found, null, 2));
  else for (const line of [summaryLine(found, out.style), '', ...found.timeline.map((step) => stepLine(step, out.style))]) out.line(line);
  return exitCodes.ok;
}

/** Where two of them part; exit code 1 when they do, as `diff` has it. */
export async function diffRuns(a: string, b: string, { control, json }: RunsOptions, out: Console): Promise<number> {
  const found = await withControl(control, (client) => client.runDifferences(a, b));
  const { style } = out;
  if (json) out.line(JSON.stringify(found, null, 2));
  else if (found.differences.length === 0) out.line('The same steps with the same outcome.');
  else
    for (const difference of found.differences) {
      if (difference.kind === 'only')
        out.line(
          difference.in === 'a' ? style.red(`- ${stepLine(difference.step, style)}`) : style.green(`+ ${stepLine(difference.step, style)}`),
        );
      else {
        out.line(`${style.red('-')} ${stepLine(difference.a, style)}`);
        out.line(`${style.green('+')} ${stepLine(difference.b, style)}  ${style.dim(`(${difference.members.join(', ')})`)}`);
      }
    }
  return found.differences.length === 0 ? exitCodes.ok : exitCodes.unexpected;
}

const summaryLine = ({ run, startedAt, serial, scenario, state, exchanges, refused, faulted }: RunSummary, style: Style): string =>
  `${run}  ${style.dim(startedAt.slice(0, 19).replace('T', ' '))}  ${serial ?? '–'}  ${exchanges} exchanges, ${refused} refused, ${faulted} hit by faults${scenario === null ? '' : `  ${scenario}: ${state.replace('-', ' ')}`}`;

function stepLine(step: TimelineStep, style: Style): string {
  if (step.kind === 'checkpoint') return style.bold(`── ${step.checkpoint}`);
  const { at, service, operation, status, milliseconds, method, host, refusal, refusedBy, fault } = step;
  const why = refusal === null ? '' : `  ${refusal}${refusedBy === null ? '' : ` by ${refusedBy}`}`;
  return `${style.dim(at.slice(11, 23))}  ${service.padEnd(13)} ${operation.padEnd(18)} ${statusText(status, style)} ${`${milliseconds.toFixed(1)} ms`.padStart(10)}  ${method} ${host}${why}${fault === null ? '' : `  fault ${fault}`}`;
}
