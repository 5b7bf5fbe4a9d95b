import { isDeepStrictEqual } from 'node:util';
import { type RecordChange, type RunEntry } from '@greenscreen/scenarios/run';
import { espName } from '@greenscreen/scenarios/pages';
import { type Style } from './style.js';
import { brief, howLong, timeOfDay } from './words.js';

const hex = (hresult: number): string => `0x${(hresult >>> 0).toString(16).padStart(8, '0')}`;
const column = (text: string, width: number): string => text.padEnd(width);

/** `AP.enrollmentState notContacted → enrolled`; lists by what came and what went: `DEV.registeredOwners +anna@contosolab.example`. */
export function changeText({ record, path, from, to }: RecordChange, limit?: number): string {
  if (path === '') return `${record} ${to === null ? 'deleted' : 'created'}`;
  if (!Array.isArray(from) || !Array.isArray(to)) return `${record}.${path} ${brief(from, limit)} → ${brief(to, limit)}`;
  const missingIn = (list: readonly unknown[], other: readonly unknown[]): unknown[] =>
    list.filter((item) => !other.some((candidate) => isDeepStrictEqual(candidate, item)));
  const gone = missingIn(from, to).map((item) => `-${brief(item, limit)}`);
  const come = missingIn(to, from).map((item) => `+${brief(item, limit)}`);
  return `${record}.${path} ${[...gone, ...come].join(' ')}`;
}

/** One entry of a run on one line (record changes: one line each). */
export function verboseLine(entry: RunEntry, style: Style): string {
  const rows = rowsOf(entry, style);
  return rows.map((row, index) => `${style.dim(index === 0 ? timeOfDay(entry.at) : ' '.repeat(12))}  ${row}`).join('\n');
}

function rowsOf(entry: RunEntry, style: Style): string[] {
  switch (entry.kind) {
    case 'phase':
      return [style.bold(entry.phase)];
    case 'checkpoint':
      return [style.green(`● ${entry.checkpoint}`)];
    case 'screen':
      return [style.bold(`screen    ${entry.screen}${entry.text ? `: ${entry.text}` : ''}`)];
    case 'esp':
      return [`page      ${column(espName(entry.line), 46)} ${espState(entry.state, style)}  ${entry.text}`];
    case 'event':
      return [style.cyan(`event     ${column(`${entry.channel} ${entry.id}`, 18)} ${dataText(entry.data)}`)];
    case 'exchange':
      return [
        `${column(entry.service, 9)} ${column(entry.operation, 18)} ${statusText(entry.status, style)}  ${column(howLong(entry.milliseconds), 8)} ${style.dim(`${entry.method} ${entry.url}`)}`,
      ];
    case 'exchange-failed':
      return [style.red(`${column(entry.service, 9)} ${column(entry.operation, 18)} ${hex(entry.hresult)}  ${entry.message}`)];
    case 'wait':
      return [style.dim(`wait      ${howLong(entry.milliseconds)}: ${entry.why}`)];
    case 'local':
      return [style.dim(`local     ${entry.what}`)];
    case 'records':
      return entry.changes.map((change) => style.yellow(`record    ${changeText(change, 80)}`));
  }
}

export const statusText = (status: number, style: Style): string =>
  status < 400 ? style.green(String(status)) : style.red(String(status));

export function espState(state: string, style: Style): string {
  if (state === 'succeeded') return style.green(state);
  return state.startsWith('failed') ? style.red(state) : state;
}

const dataText = (data: Readonly<Record<string, unknown>>): string =>
  Object.entries(data)
    .map(([name, value]) => `${name}=${brief(value, 100)}`)
    .join(' ');
