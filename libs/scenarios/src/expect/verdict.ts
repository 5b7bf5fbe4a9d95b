import { isDeepStrictEqual } from 'node:util';
import { type Expectation } from '../format/index.js';
import { type RunEntry } from '../run/run-entry.js';
import { textAt, valueAt } from './record-path.js';

/** What a run left behind, for comparison with what was expected of it. */
export interface Outcome {
  readonly screen: string;
  readonly hresult?: string;
  readonly disposition?: number;
  readonly timeline: readonly RunEntry[];
  /** Records at each checkpoint, and under `end`. */
  readonly snapshots: ReadonlyMap<string, unknown>;
  readonly dsreg: Readonly<Record<string, string>>;
  /** What the last page said. */
  readonly text?: string;
  /** Device time of the last phase, in milliseconds. */
  readonly elapsed: number;
  readonly certificates: readonly { readonly store: string; readonly issuer: string }[];
  readonly registry: Readonly<Record<string, Readonly<Record<string, string | number>>>>;
  /** Windows paths. */
  readonly files: readonly string[];
  /** Records at the end of the run before the fix: `{{run1.DEV.deviceId}}`. */
  readonly run1?: unknown;
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
    ...judgeText(expected, outcome),
    ...judgeEsp(expected, outcome),
    ...judgeScreens(expected, outcome),
    ...judgeCheckpoints(expected, outcome),
    ...judgeEvents(expected, outcome),
    ...judgeRequests(expected, outcome),
    ...judgeCloud(expected, outcome),
    ...judgeLocal(expected, outcome),
  ];
}

function judgeScreen({ screen, hresult, disposition }: Expectation, outcome: Outcome): Difference[] {
  if (hresult === null && outcome.hresult !== undefined) return [{ what: 'hresult', expected: 'none', actual: outcome.hresult }];
  const wanted = hresult === undefined || hresult === null ? undefined : [hresult].flat();
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

const matches = (wanted: string, actual: string): boolean =>
  /^\/.*\/$/.test(wanted) ? new RegExp(wanted.slice(1, -1)).test(actual) : wanted === actual;

function judgeText({ text, elapsed }: Expectation, outcome: Outcome): Difference[] {
  const { min = 0, max = Infinity } = elapsed ?? {};
  return [
    ...(text !== undefined && !matches(text, outcome.text ?? '') ? [{ what: 'text', expected: text, actual: show(outcome.text) }] : []),
    ...(outcome.elapsed < min || outcome.elapsed > max
      ? [{ what: 'elapsed', expected: `${min} to ${max} ms`, actual: `${outcome.elapsed} ms` }]
      : []),
  ];
}

/** Each line as it stood last. */
function judgeEsp({ esp }: Expectation, { timeline }: Outcome): Difference[] {
  const lines = new Map(timeline.flatMap((entry) => (entry.kind === 'esp' ? [[entry.line, entry] as const] : [])));
  return Object.entries(esp).flatMap(([line, { state, text }]) => {
    const actual = lines.get(line);
    return [
      ...(state !== undefined && state !== (actual?.state ?? 'notStarted')
        ? [{ what: `${line} state`, expected: state, actual: actual?.state ?? 'notStarted' }]
        : []),
      ...(text !== undefined && !matches(text, actual?.text ?? '')
        ? [{ what: `${line} text`, expected: text, actual: show(actual?.text) }]
        : []),
    ];
  });
}

function judgeScreens({ screens }: Expectation, { timeline }: Outcome): Difference[] {
  const shown = timeline.flatMap((entry) => (entry.kind === 'screen' ? [entry.screen] : []));
  let from = 0;
  return screens.flatMap((screen) => {
    const at = shown.indexOf(screen, from);
    if (at < 0) return [{ what: `screen ${screen}`, expected: 'shown, in this order', actual: shown.join(', ') || 'nothing' }];
    from = at + 1;
    return [];
  });
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
    if (wanted.count !== undefined) {
      const found = logged.filter((entry) => fits(wanted, entry)).length;
      if (found !== wanted.count) differences.push({ what, expected: `${wanted.count} times`, actual: `${found} times` });
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
    const made = timeline.flatMap((entry) => {
      if (entry.kind !== 'exchange' && entry.kind !== 'exchange-failed') return [];
      if (entry.service !== service || (on !== '*' && entry.operation !== on)) return [];
      return [entry.kind === 'exchange' ? entry.status : 0];
    });
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

function judgeCloud({ cloud }: Expectation, { snapshots, variables, run1 }: Outcome): Difference[] {
  return cloud.flatMap((entry) => {
    const when = entry.at ?? 'end';
    const actual = valueAt(snapshots.get(when), entry.path);
    const what = `${entry.path}${entry.at ? ` at ${entry.at}` : ''}`;
    if (entry.matches !== undefined)
      return new RegExp(entry.matches).test(String(actual)) ? [] : [{ what, expected: `/${entry.matches}/`, actual: show(actual) }];
    const negated = Object.hasOwn(entry, 'not');
    const wanted = fill(negated ? entry.not : entry.value, variables, run1);
    if (isDeepStrictEqual(actual, wanted) !== negated) return [];
    return [{ what, expected: `${negated ? 'not ' : ''}${show(wanted)}`, actual: show(actual) }];
  });
}

const fill = (value: unknown, variables: Readonly<Record<string, string>>, run1: unknown): unknown =>
  typeof value === 'string'
    ? value.replace(/\{\{([\w.]+)\}\}/g, (whole, name: string) => {
        const before = name.startsWith('run1.') ? textAt(run1, name.slice('run1.'.length)) : undefined;
        return variables[name] ?? before ?? whole;
      })
    : value;

function judgeLocal({ local }: Expectation, { dsreg, certificates, registry, files }: Outcome): Difference[] {
  return [
    ...Object.entries(local.dsreg ?? {}).flatMap(([field, wanted]) => {
      const expected = typeof wanted === 'boolean' ? (wanted ? 'YES' : 'NO') : wanted;
      return dsreg[field] === expected ? [] : [{ what: `dsregcmd ${field}`, expected, actual: dsreg[field] ?? 'nothing' }];
    }),
    ...(local.certs ?? []).flatMap(({ issuer, present, store }) => {
      const found = certificates.some((one) => one.issuer.includes(issuer) && (store === undefined || one.store === store));
      return found === present ? [] : [{ what: `certificate of ${issuer}`, expected: presence(present), actual: presence(found) }];
    }),
    ...Object.entries(local.registry ?? {}).flatMap(([path, wanted]) => {
      const actual = registryValue(registry, path);
      return isDeepStrictEqual(actual ?? null, wanted) ? [] : [{ what: `registry ${path}`, expected: show(wanted), actual: show(actual) }];
    }),
    ...Object.entries(local.files ?? {}).flatMap(([path, wanted]) => {
      const found = files.some((file) => file.toLowerCase().endsWith(path.toLowerCase()));
      return found === wanted ? [] : [{ what: `file ${path}`, expected: presence(wanted), actual: presence(found) }];
    }),
  ];
}

const presence = (there: boolean): string => (there ? 'present' : 'absent');

/** The value whose path, with its name, ends so; parts may be separated by dots. */
function registryValue(registry: Outcome['registry'], path: string): string | number | undefined {
  const plain = (text: string): string => text.toLowerCase().replaceAll('.', '\\');
  for (const [key, values] of Object.entries(registry))
    for (const [name, value] of Object.entries(values)) if (`\\${plain(`${key}\\${name}`)}`.endsWith(`\\${plain(path)}`)) return value;
  return undefined;
}
