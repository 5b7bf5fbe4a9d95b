import { type BrokenRun } from '@greenscreen/scenarios/report';
import { type RunResult } from '@greenscreen/scenarios/run';
import { type Style } from './style.js';
import { count, howLong } from './words.js';

/** A run among many, on one line; what was not as expected below it. */
export function runLine(run: RunResult | BrokenRun, style: Style): string {
  if ('error' in run) return `${style.red('✗')} ${run.scenario}  ${run.serial}  ${run.error}`;
  const { scenario, serial, outcome, differences, milliseconds } = run;
  const screen = `${outcome.screen}${outcome.hresult ? ` ${outcome.hresult}` : ''}`;
  const head = `${differences.length === 0 ? style.green('✓') : style.red('✗')} ${scenario.id}  ${serial}  ${screen}  ${style.dim(howLong(milliseconds))}`;
  return [head, ...differences.map(({ what, expected, actual }) => `    ${what}: expected ${expected}, got ${actual}`)].join('\n');
}

/** `12 runs: 11 as expected, 1 not` */
export function summaryLine(runs: readonly (RunResult | BrokenRun)[], style: Style): string {
  const good = runs.filter((run) => 'differences' in run && run.differences.length === 0).length;
  const bad = runs.length - good;
  const text = `${count(runs.length, 'run')}: ${good} as expected, ${bad} not`;
  return bad === 0 ? style.green(text) : style.red(text);
}
