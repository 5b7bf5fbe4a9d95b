import { isDeepStrictEqual } from 'node:util';
import { type Expectation } from '../format/index.js';
import { type RunEntry } from '../run/run-entry.js';
import { valueAt } from './record-path.js';

/** What a run left behind, for comparison with what was expected of it. */
export interface Outcome {
  readonly screen: string;
  readonly hresult?: string;
  readonly disposition?: number;
  readonly timeline: readonly RunEntry[];
  /** Records at each checkpoint, and under `end`. */
  readonly snapshots: ReadonlyMap<string, unknown>;
  readonly dsreg: Readonly<Record<string, string>>;
  /** Values for `{{…}}` in expectations. */
  readonly variables: Readonly<Record<string, string>>;
}

/** One thing that is not as expected. */
export interface Difference {
  readonly what: string;
  readonly expected: string;
  readonly actual: string;
}

const show = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));

/** Compares; an empty list is success. */
export function judge(expected: Expectation, outcome: Outcome): Difference[] {
  return [
    ...judgeScreen(expected, outcome),
    ...judgeCheckpoints(expected, outcome),
    ...judgeEvents(expected, outcome),
    ...judgeRequests(expected, outcome),
    ...judgeCloud(expected, outcome),
    ...judgeLocal(expected, outcome),
  ];
}

function judgeScreen({ screen, hresult, disposition }: Expectation, outcome: Outcome): Difference[] {
  const wanted = hresult === undefined ? undefined : [hresult].flat();
  return [
    ...(screen && screen !== outcome.screen ? [{ what: 'screen', expected: screen, actual: outcome.screen }] : []),
    ...(wanted && !wanted.includes(outcome.hresult ?? '')
      ? [{ what: 'hresult', expected: wanted.join(' or '), actual: show(outcome.hresult) }]
      : []),
    ...(disposition !== undefined && disposition !== outcome.disposition
      ? [{ what: 'disposition', expected: String(disposition), actual: show(outcome.disposition) }]
      : []),
  ];
}

function judgeCheckpoints({ reached, not_reached: notReached }: Expectation, { timeline }: Outcome): Difference[] {
  const found = new Set(timeline.flatMap((entry) => (entry.kind === 'checkpoint' ? [entry.checkpoint] : [])));
  return [
    ...reached
      .filter((name) => !found.has(name))
      .map((name) => ({ what: `checkpoint ${name}`, expected: 'reached', actual: 'not reached' })),
    ...notReached
      .filter((name) => found.has(name))
      .map((name) => ({ what: `checkpoint ${name}`, expected: 'not reached', actual: 'reached' })),
  ];
}

/** The expected events must appear in this order; others may stand between them. */
function judgeEvents({ events }: Expectation, { timeline }: Outcome): Difference[] {
  const logged = timeline.filter((entry) => entry.kind === 'event');
  const fits = (wanted: Expectation['events'][number], entry: (typeof logged)[number]): boolean =>
    entry.channel === wanted.channel &&
    entry.id === wanted.id &&
    Object.entries(wanted.data ?? {}).every(([name, value]) => isDeepStrictEqual(member(entry.data, name), value));
  const differences: Difference[] = [];
  let from = 0;
  for (const wanted of events) {
    const what = `event ${wanted.channel} ${wanted.id}${wanted.data ? ` ${JSON.stringify(wanted.data)}` : ''}`;
    if (wanted.absent) {
      if (logged.some((entry) => fits(wanted, entry))) differences.push({ what, expected: 'absent', actual: 'logged' });
      continue;
    }
    const at = logged.findIndex((entry, index) => index >= from && fits(wanted, entry));
    if (at < 0)
      differences.push({
        what,
        expected: 'logged, in this order',
        actual: logged.some((entry) => fits(wanted, entry)) ? 'logged earlier' : 'not logged',
      });
    else from = at + 1;
  }
  return differences;
}

/** Names of event data compare without regard to case: files write `joinRequest` where Windows writes `JoinRequest`. */
const member = (data: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.entries(data).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];

function judgeRequests({ requests }: Expectation, { timeline }: Outcome): Difference[] {
  return requests.flatMap(({ service, on, count, min, max, status }) => {
    const made = timeline.flatMap((entry) =>
      entry.kind === 'exchange' && entry.service === service && entry.operation === on ? [entry.status] : [],
    );
    const what = `requests ${service} ${on}`;
    const wrongCount =
      (count !== undefined && made.length !== count) ||
      (min !== undefined && made.length < min) ||
      (max !== undefined && made.length > max);
    return [
      ...(wrongCount
        ? [{ what, expected: count !== undefined ? String(count) : `${min ?? 0} to ${max ?? 'any number'}`, actual: String(made.length) }]
        : []),
      ...(status && !isDeepStrictEqual(status, made) ? [{ what: `${what}: status`, expected: show(status), actual: show(made) }] : []),
    ];
  });
}

function judgeCloud({ cloud }: Expectation, { snapshots, variables }: Outcome): Difference[] {
  return cloud.flatMap((entry) => {
    const when = entry.at ?? 'end';
    const actual = valueAt(snapshots.get(when), entry.path);
    const what = `${entry.path}${entry.at ? ` at ${entry.at}` : ''}`;
    if (entry.matches !== undefined)
      return new RegExp(entry.matches).test(String(actual)) ? [] : [{ what, expected: `/${entry.matches}/`, actual: show(actual) }];
    const negated = Object.hasOwn(entry, 'not');
    const wanted = fill(negated ? entry.not : entry.value, variables);
    if (isDeepStrictEqual(actual, wanted) !== negated) return [];
    return [{ what, expected: `${negated ? 'not ' : ''}${show(wanted)}`, actual: show(actual) }];
  });
}

const fill = (value: unknown, variables: Readonly<Record<string, string>>): unknown =>
  typeof value === 'string' ? value.replace(/\{\{([\w.]+)\}\}/g, (whole, name: string) => variables[name] ?? whole) : value;

function judgeLocal({ local }: Expectation, { dsreg }: Outcome): Difference[] {
  return Object.entries(local?.dsreg ?? {}).flatMap(([field, wanted]) => {
    const expected = typeof wanted === 'boolean' ? (wanted ? 'YES' : 'NO') : wanted;
    return dsreg[field] === expected ? [] : [{ what: `dsregcmd ${field}`, expected, actual: dsreg[field] ?? 'nothing' }];
  });
}
