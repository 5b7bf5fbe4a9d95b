import { type Expectation, phases, type Scenario } from '../format/index.js';
import { type Query, queryOf } from './query.js';

/** A scenario that was found, and by what. */
export interface Finding {
  readonly scenario: Scenario;
  /** `HRESULT on the page`, `event udr 204`, `cause`; the strongest first. */
  readonly reasons: readonly string[];
}

/** What documents a failure, in the order in which it is shown. */
const documentation = ['title', 'symptom', 'cause', 'decider', 'remedy', 'tell_apart'] as const;

interface Reason {
  readonly text: string;
  /** The most telling is 0. */
  readonly rank: number;
}

/** Scenarios that fit what somebody looks for: an HRESULT, an event id, an entry of the catalogue, or words. The best first. */
export function searchScenarios(scenarios: readonly Scenario[], text: string): Finding[] {
  const query = queryOf(text);
  return scenarios
    .map((scenario) => ({ scenario, reasons: reasonsOf(scenario, query).sort((one, other) => one.rank - other.rank) }))
    .filter(({ reasons }) => reasons.length > 0)
    .sort((one, other) => (one.reasons[0]?.rank ?? 0) - (other.reasons[0]?.rank ?? 0))
    .map(({ scenario, reasons }) => ({ scenario, reasons: [...new Set(reasons.map((reason) => reason.text))] }));
}

function reasonsOf(scenario: Scenario, query: Query): Reason[] {
  if (query.kind === 'hresult') return byHresult(scenario, query.hresult);
  return query.kind === 'number' ? byNumber(scenario, query) : byWords(scenario, query.words);
}

function byHresult(scenario: Scenario, hresult: string): Reason[] {
  const { expect } = scenario;
  const lines = Object.entries(expect.esp).filter(([, { text }]) => text?.toLowerCase().includes(hresult));
  return [
    ...([expect.hresult].flat().includes(hresult) ? [{ text: 'HRESULT on the page', rank: 0 }] : []),
    ...lines.map(([line]) => ({ text: `line ${line}`, rank: 1 })),
    ...expect.events
      .filter(({ data }) => Object.values(data ?? {}).some((value) => String(value).toLowerCase() === hresult))
      .map((event) => ({ text: eventName(event), rank: 2 })),
    ...documented(scenario, (text) => text.includes(hresult)).map((name) => ({ text: name, rank: 3 })),
  ];
}

function byNumber(scenario: Scenario, { number, channel }: Extract<Query, { kind: 'number' }>): Reason[] {
  const events = scenario.expect.events.filter(
    (event) => event.id === number && !event.absent && (channel === undefined || event.channel === channel),
  );
  return [
    ...(channel === undefined && scenario.catalogue === number ? [{ text: `entry ${number} of the catalogue`, rank: 0 }] : []),
    ...events.map((event) => ({ text: eventName(event), rank: 1 })),
    ...(channel === undefined
      ? documented(scenario, (text) => new RegExp(`(?<![0-9a-fx])${number}(?![0-9a-f])`).test(text)).map((name) => ({
          text: name,
          rank: 2,
        }))
      : []),
  ];
}

/** Every word must be somewhere; the places are ranked from id and tags to the remedy. */
function byWords(scenario: Scenario, words: readonly string[]): Reason[] {
  const { id, tags, phase, sources } = scenario;
  const places = [
    { name: 'id', text: id.toLowerCase(), rank: 0 },
    { name: 'tag', text: tags.join(' ').toLowerCase(), rank: 1 },
    { name: 'phase', text: phase === undefined ? '' : `${phase} ${phases[phase]}`.toLowerCase(), rank: 1 },
    { name: 'service', text: servicesOf(scenario).join(' '), rank: 8 },
    ...documentation.map((name, index) => ({ name: labelOf(name), text: (scenario[name] ?? '').toLowerCase(), rank: 2 + index })),
    { name: 'page', text: textOfPages(scenario.expect), rank: 2 },
    { name: 'source', text: sources.join(' ').toLowerCase(), rank: 9 },
  ];
  const found = words.map((word) => places.filter(({ text }) => text.includes(word)));
  if (words.length === 0 || found.some((where) => where.length === 0)) return [];
  return found.flat().map(({ name, rank }) => ({ text: name, rank }));
}

/** Services that its faults are in, or that its requests go to. */
const servicesOf = ({ faults, expect }: Scenario): string[] => [
  ...faults.map(({ service }) => service),
  ...expect.requests.map(({ service }) => service),
];

const textOfPages = ({ text = '', esp }: Expectation): string =>
  [text, ...Object.values(esp).map((line) => line.text ?? '')].join(' ').toLowerCase();

const documented = (scenario: Scenario, fits: (text: string) => boolean): string[] =>
  documentation.filter((name) => fits((scenario[name] ?? '').toLowerCase())).map(labelOf);

const labelOf = (name: (typeof documentation)[number]): string => name.replace('_', ' ');

const eventName = ({ channel, id }: Expectation['events'][number]): string => `event ${channel} ${id}`;
