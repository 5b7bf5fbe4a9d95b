import { espName } from '@greenscreen/scenarios/pages';
import { type RecordChange, type RunEntry } from '@greenscreen/scenarios/run';
import { type Console } from './console.js';
import { type Style } from './style.js';
import { changeText, espState, statusText } from './verbose-line.js';
import { count, howLong, wrap } from './words.js';

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
      .map(({ line, state, text }) => `    ${espName(line)}: ${espState(state, style)}  ${text}`),
    ...requestLines(entries, style, width),
    ...eventLines(entries, style, width),
    ...waitLines(entries, style),
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

/** Time that passed for the device, by reason. */
function waitLines(entries: readonly RunEntry[], style: Style): string[] {
  const byReason = new Map<string, number>();
  for (const { why, milliseconds } of ofKind(entries, 'wait')) byReason.set(why, (byReason.get(why) ?? 0) + milliseconds);
  return [...byReason].map(([why, milliseconds]) => style.dim(`    ${howLong(milliseconds)} pass: ${why}`));
}

/** The entries between two checkpoints on one line. */
export function stepLine(entries: readonly RunEntry[], { style }: Console): string[] {
  const name = ofKind(entries, 'checkpoint')[0]?.checkpoint;
  if (name === undefined) return [];
  const requests = entries.filter(({ kind }) => kind === 'exchange' || kind === 'exchange-failed');
  const milliseconds = ofKind(entries, 'exchange').reduce((sum, entry) => sum + entry.milliseconds, 0);
  const events = ofKind(entries, 'event').length;
  const changes = ofKind(entries, 'records').reduce((sum, entry) => sum + entry.changes.length, 0);
  const facts = [
    ...(requests.length > 0 ? [`${count(requests.length, 'request')} ${howLong(milliseconds)}`] : []),
    ...(events > 0 ? [count(events, 'event')] : []),
    ...(changes > 0 ? [count(changes, 'record change')] : []),
  ];
  return [`  ${style.green('●')} ${name.padEnd(20)}${style.dim(facts.join(', '))}`];
}
