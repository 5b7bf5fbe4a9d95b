import { phases, type Scenario } from '../format/index.js';
import { signsOf } from './signs.js';

/** How a sign's kind is told. */
const kinds = { page: 'Page', events: 'Windows events', requests: 'Requests', records: 'Records', device: 'On the PC' } as const;

/** A scenario as a page of Markdown: what is seen, why, who decides, what helps, what proves it. */
export function scenarioPage(scenario: Scenario): string {
  const { id, title, phase, symptom, cause, decider, remedy, tell_apart: tellApart, sources, tags, expect } = scenario;
  const signs = signsOf(expect);
  const codes = [expect.hresult ?? []].flat();
  return lines([
    `# ${title}`,
    `\`${id}\`${scenario.catalogue === undefined ? '' : `, entry ${scenario.catalogue} of the catalogue`}${phase === undefined ? '' : `. Phase: ${phases[phase]}.`}`,
    ...section('Symptom', symptom),
    ...(codes.length === 0 ? [] : [`HRESULT: ${codes.map((code) => `\`${code}\``).join(' or ')}`]),
    ...section('Cause', cause),
    ...section('Decided by', decider),
    ...section('Fix', remedy),
    ...section('How to tell it apart', tellApart),
    '## What its replay proves',
    bullets([
      `Last page: ${expect.screen ?? 'as on a healthy PC'}`,
      ...Object.entries(kinds).flatMap(([kind, label]) => signs[kind as keyof typeof kinds].map((sign) => `${label}: ${sign}`)),
      ...(scenario.fix ? [`After the fix: ${scenario.expect_after_fix.screen ?? 'as on a healthy PC'}`] : []),
    ]),
    ...(sources.length === 0 ? [] : ['## Sources', bullets(sources)]),
    ['```sh', `npx greenscreen replay ${id}`, '```'].join('\n'),
    ...(tags.length === 0 ? [] : [`Tags: ${tags.join(', ')}`]),
  ]);
}

const section = (heading: string, text: string | undefined): string[] => (text === undefined ? [] : [`## ${heading}`, `${escaped(text)}`]);
const bullets = (items: readonly string[]): string => items.map((item) => `- ${escaped(item)}`).join('\n');
const lines = (blocks: readonly string[]): string => `${blocks.join('\n\n')}\n`;

/** What Markdown would take for markup. */
export const escaped = (text: string): string => text.replaceAll(/[\\`*_<>[\]|]/g, (character) => `\\${character}`);
