import { type Expectation } from '../format/index.js';
import { espName } from './esp-names.js';

/** What a failure can be told by, in words; each is what its replay proves. */
export interface Signs {
  /** Lines of the Enrollment Status Page, and what the last page says. */
  readonly page: readonly string[];
  /** `udr 204 (Status 400)`, `no autopilot 171` */
  readonly events: readonly string[];
  /** `drs Join: 1, answered 400`, `aik PKCSReq: none` */
  readonly requests: readonly string[];
  /** Of the cloud. */
  readonly records: readonly string[];
  /** What the PC holds and knows. */
  readonly device: readonly string[];
}

/** The signs that an expectation consists of. */
export function signsOf(expected: Expectation): Signs {
  return {
    page: [
      ...(expected.text === undefined ? [] : [`the page says "${plain(expected.text)}"`]),
      ...Object.entries(expected.esp).map(([line, { state, text }]) => {
        const seen = [...(state === undefined ? [] : [state]), ...(text === undefined ? [] : [`"${plain(text)}"`])];
        return `${espName(line)}: ${seen.join(', ')}`;
      }),
    ],
    events: expected.events.map(eventSign),
    requests: expected.requests.map(requestSign),
    records: expected.cloud.map(recordSign),
    device: deviceSigns(expected.local),
  };
}

/** Of a pattern, what it looks for. */
const plain = (text: string): string => (/^\/.*\/$/.test(text) ? text.slice(1, -1).replaceAll(/^\^|\$$/g, '') : text);

function eventSign({ channel, id, data = {}, absent, count }: Expectation['events'][number]): string {
  const members = Object.entries(data).map(([name, value]) => `${name} ${value}`);
  const details = members.length === 0 ? '' : ` (${members.join(', ')})`;
  return `${absent ? 'no ' : ''}${channel} ${id}${details}${count === undefined ? '' : `, ${count === 1 ? 'once' : `${count} times`}`}`;
}

function requestSign({ service, on, count, min, max, status }: Expectation['requests'][number]): string {
  const kind = on === '*' ? `${service}, any request` : `${service} ${on}`;
  const answers = status === undefined ? '' : `${status.length === 0 ? '' : `, answered ${status.join(', ')}`}`;
  return `${kind}: ${howMany(count ?? status?.length, min, max)}${answers}`;
}

function howMany(count: number | undefined, min: number | undefined, max: number | undefined): string {
  if (count !== undefined) return count === 0 ? 'none' : String(count);
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  return max === undefined ? `${min ?? 0} or more` : `${max} at most`;
}

function recordSign(entry: Expectation['cloud'][number]): string {
  const when = entry.at === undefined ? '' : ` when ${entry.at}`;
  if (entry.matches !== undefined) return `${entry.path} matches ${entry.matches}${when}`;
  return 'not' in entry ? `${entry.path} is not ${told(entry.not)}${when}` : `${entry.path} is ${told(entry.value)}${when}`;
}

function deviceSigns({ dsreg = {}, certs = [], registry = {}, files = {} }: Expectation['local']): string[] {
  return [
    ...Object.entries(dsreg).map(([field, value]) => `dsregcmd ${field}: ${typeof value === 'string' ? value : value ? 'YES' : 'NO'}`),
    ...certs.map(({ issuer, present }) => `${present ? 'a' : 'no'} certificate of ${issuer}`),
    ...Object.entries(registry).map(([path, value]) => `registry ${path}: ${told(value)}`),
    ...Object.entries(files).map(([path, present]) => `${present ? 'a' : 'no'} file ${path}`),
  ];
}

const told = (value: unknown): string =>
  value === null || value === undefined ? 'none' : typeof value === 'string' ? (value === '' ? 'empty' : value) : JSON.stringify(value);
