import { type ControlClient, type RunSummary, type WantedRun } from '@greenscreen/scenarios/cloud';
import { runEntrySchema } from '@greenscreen/scenarios/run';
import { readFileSync } from 'node:fs';
import { exitCodes } from '../exit-codes.js';
import { type Console } from '../output/console.js';
import { RunPrinter, verdictLines } from '../output/run-printer.js';
import { CommandError, explain } from '../problem.js';
import { withControl } from './with-control.js';

export interface StartRunOptions {
  readonly control?: string;
  readonly follow?: boolean;
  readonly json?: boolean;
}

/** Has a running cloud play a scenario itself; `--follow` shows it while it goes on, and its exit code is that of a replay. */
export async function startRun(idOrFile: string, { control, follow, json }: StartRunOptions, out: Console): Promise<number> {
  return withControl(control, async (client) => {
    const started = await client.startRun(wantedRun(idOrFile));
    if (!follow) {
      out.line(json ? JSON.stringify(started, null, 2) : `${started.run}  ${started.scenario ?? ''}: ${started.state}`);
      return exitCodes.ok;
    }
    if (!json) out.line(`${out.style.bold(started.scenario ?? '')}  ${started.run}`);
    await followRun(client, started.run, json ? undefined : new RunPrinter(out, 'steps'));
    const ended = await client.run(started.run);
    if (json) out.line(JSON.stringify(ended, null, 2));
    else for (const line of endLines(ended, out)) out.line(line);
    return exitCodeOf(ended);
  });
}

/** Ends one that goes on. */
export async function abortRun(run: string, { control }: StartRunOptions, out: Console): Promise<number> {
  await withControl(control, (client) => client.abortRun(run));
  out.line(`${run} ends at its next checkpoint or wait.`);
  return exitCodes.ok;
}

/** A file is sent whole: the cloud may be elsewhere. */
function wantedRun(idOrFile: string): WantedRun {
  if (!/\.(ya?ml|json)$/.test(idOrFile)) return { scenario: idOrFile };
  try {
    return { document: readFileSync(idOrFile, 'utf8'), file: idOrFile };
  } catch (error) {
    throw new CommandError(`The scenario could not be read: ${explain(error)}`, { cause: error });
  }
}

async function followRun(client: ControlClient, run: string, printer: RunPrinter | undefined): Promise<void> {
  for await (const { event, data } of client.runEvents(run)) {
    if (event === 'end') break;
    if (event !== 'outcome') printer?.take(runEntrySchema.parse(JSON.parse(data)));
  }
  printer?.flush();
}

function endLines({ state, scenario, problem, screen, hresult, differences }: RunSummary, { style }: Console): string[] {
  if (state !== 'as-expected' && state !== 'different')
    return [style.red(`✗ ${scenario ?? ''}: ${state}${problem === null ? '' : `: ${problem}`}`)];
  const page = [screen, hresult].filter((part) => part !== null).join(' ');
  return ['', `Ended at: ${page}`, ...verdictLines({ scenario: { id: scenario ?? '' }, differences }, style)];
}

function exitCodeOf({ state }: RunSummary): number {
  if (state === 'as-expected') return exitCodes.ok;
  return state === 'different' ? exitCodes.unexpected : exitCodes.impossible;
}
