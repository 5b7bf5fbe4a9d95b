import { type RecordChange, type RunEntry } from '@greenscreen/scenarios/run';
import { type Console } from './console.js';
import { type Style } from './style.js';
import { changeText, espState, statusText } from './verbose-line.js';
import { howLong, wrap } from './words.js';

type EntryOf<K extends RunEntry['kind']> = Extract<RunEntry, { kind: K }>;
const ofKind = <K extends RunEntry['kind']>(entries: readonly RunEntry[], kind: K): EntryOf<K>[] =>
  entries.filter((entry): entry is EntryOf<K> => entry.kind === kind);

const INDENT = 4;
/** States of an ESP line that are worth a line of output. */
const finished = ['succeeded', 'failed', 'cancelled', 'rebootRequiredAndTryAgain'];
/** Members that change with every session and say nothing about the deployment. */
const restless = ['lastContactedDateTime', 'lastSyncDateTime'];

/** The entries between two checkpoints on a few lines: page, requests, Windows events, record changes. */
export function stepLines(entries: readonly RunEntry[], { style, width }: Console): string[] {
  const name = ofKind(entries, 'checkpoint')[0]?.checkpoint;
  const lines = [
    ...ofKind(entries, 'screen').map(({ screen, text }) => `    ${style.bold(screen)}${text ? `  ${text}` : ''}`),
    ...ofKind(entries, 'esp')
      .filter(({ state }) => finished.includes(state))
      .map(({ line, state, text }) => `    ${line}: ${espState(state, style)}  ${text}`),
    ...requestLines(entries, style, width),
    ...eventLines(entries, style, width),
    ...ofKind(entries, 'wait').map(({ milliseconds, why }) => style.dim(`    ${howLong(milliseconds)} pass: ${why}`)),
    ...ofKind(entries, 'records').flatMap(({ changes }) => recordLines(changes, style, width)),
  ];
  if (name) return [`  ${style.green('●')} ${style.bold(name)}`, ...lines];
  return lines;
}

/** `drs Join 200 34 ms`; the same request several times in a row is one entry with its number. */
function requestLines(entries: readonly RunEntry[], style: Style, width: number): string[] {
  const groups: { label: string; status: number; milliseconds: number; times: number }[] = [];
  for (const entry of entries) {
    if (entry.kind !== 'exchange' && entry.kind !== 'exchange-failed') continue;
    const label = `${entry.service} ${entry.operation}`;
    const status = entry.kind === 'exchange' ? entry.status : 0;
    const milliseconds = entry.kind === 'exchange' ? entry.milliseconds : 0;
    const last = groups.at(-1);
    if (last?.label === label && last.status === status) {
      last.times += 1;
      last.milliseconds += milliseconds;
    } else groups.push({ label, status, milliseconds, times: 1 });
  }
  const plain = groups.map(
    ({ label, status, milliseconds, times }) =>
      `${label}${times > 1 ? ` ×${times}` : ''} ${status === 0 ? 'no answer' : status} ${howLong(milliseconds)}`,
  );
  return wrap(plain, ' · ', width, INDENT).map((line) =>
    line.replace(/ (\d{3}) (?=\d)/g, (_, code: string) => ` ${statusText(Number(code), style)} `),
  );
}

function eventLines(entries: readonly RunEntry[], style: Style, width: number): string[] {
  const byChannel = new Map<string, number[]>();
  for (const { channel, id } of ofKind(entries, 'event')) byChannel.set(channel, [...(byChannel.get(channel) ?? []), id]);
  const words = [...byChannel].map(([channel, ids]) => `${channel} ${ids.join(' ')}`);
  if (words.length === 0) return [];
  return wrap(words.join(' · ').split(' '), ' ', width - 7, INDENT).map((line, index) =>
    style.cyan(index === 0 ? `    events ${line.trimStart()}` : `           ${line.trimStart()}`),
  );
}

function recordLines(changes: readonly RecordChange[], style: Style, width: number): string[] {
  const words = changes.filter(({ path }) => !restless.includes(path)).map((change) => changeText(change, 28));
  return wrap(words, ' · ', width, INDENT).map((line) => style.yellow(line));
}
