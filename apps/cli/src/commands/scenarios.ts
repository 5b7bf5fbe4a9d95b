import { catalogue, findScenario, jsonSchema, phases, type Scenario } from '@greenscreen/scenarios/format';
import { cataloguePages, signsOf } from '@greenscreen/scenarios/pages';
import { searchScenarios } from '@greenscreen/scenarios/search';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exitCodes } from '../exit-codes.js';
import { type Console } from '../output/console.js';
import { count, wrap } from '../output/words.js';
import { CommandError, explain } from '../problem.js';

export interface ScenariosOptions {
  /** For programs. */
  readonly json?: boolean;
  /** Folder for one page of Markdown a scenario. */
  readonly pages?: string;
  /** File for the JSON Schema of scenario files. */
  readonly schema?: string;
}

const INDENT = 2;
const LABEL_WIDTH = 20;

/** The scenarios that come with Greenscreen; those that fit an HRESULT, an event id, an entry of the catalogue of failures, or words. */
export function scenarios(wanted: readonly string[], options: ScenariosOptions, out: Console): number {
  const known = catalogue().map(findScenario);
  if (options.pages !== undefined || options.schema !== undefined) return generate(known, options, out);
  const text = wanted.join(' ').trim();
  if (text === '') {
    if (options.json) out.line(JSON.stringify(known.map(summaryOf), null, 2));
    else list(known, out);
    return exitCodes.ok;
  }
  const found = searchScenarios(known, text);
  if (options.json) {
    const summaries = found.map(({ scenario, reasons }) => ({ ...summaryOf(scenario), found: reasons }));
    out.line(JSON.stringify(summaries, null, 2));
  } else for (const { scenario, reasons } of found) describe(scenario, reasons, out);
  out.progress(
    found.length === 0
      ? `No scenario of the catalogue has anything to do with "${text}". "greenscreen scenarios" lists all ${known.length}.`
      : `${count(found.length, 'scenario')} of ${known.length}. Replay one: greenscreen replay ${found[0]?.scenario.id ?? ''}`,
  );
  return found.length === 0 ? exitCodes.unexpected : exitCodes.ok;
}

function list(known: readonly Scenario[], out: Console): void {
  const width = Math.max(...known.map(({ id }) => id.length));
  for (const { id, title } of known) out.line(`${out.style.bold(id.padEnd(width))}  ${title}`);
}

function describe(scenario: Scenario, reasons: readonly string[], out: Console): void {
  const { id, title, phase, symptom, cause, decider, remedy, tell_apart: tellApart, expect } = scenario;
  const signs = signsOf(expect);
  out.line(`${out.style.bold(id)}  ${title}`);
  tell('Phase', phase && phases[phase], out);
  tell('Seen', symptom, out);
  tell('Cause', cause, out);
  tell('Decided by', decider, out);
  tell('Fix', remedy, out);
  tell('Told apart by', tellApart, out);
  tell('Page', signs.page.join('; '), out);
  tell('Events', signs.events.join('; '), out);
  tell('Requests', signs.requests.join('; '), out);
  tell('Records', signs.records.join('; '), out);
  tell('On the PC', signs.device.join('; '), out);
  tell('Found by', reasons.join(', '), out);
  out.line();
}

function tell(label: string, text: string | undefined, out: Console): void {
  if (text === undefined || text === '') return;
  const [first = '', ...rest] = wrap(text.split(' '), ' ', out.width, INDENT + LABEL_WIDTH);
  out.line(`${' '.repeat(INDENT)}${out.style.dim(label.padEnd(LABEL_WIDTH))}${first.trimStart()}`);
  for (const line of rest) out.line(line);
}

/** For programs. */
function summaryOf({ id, catalogue: entry, title, tags, phase, symptom, cause, decider, remedy, ...rest }: Scenario): object {
  const { tell_apart: tellApart, sources, flow, expect } = rest;
  return {
    id,
    catalogue: entry ?? null,
    title,
    tags,
    phase: phase ?? null,
    symptom: symptom ?? null,
    cause: cause ?? null,
    decider: decider ?? null,
    remedy: remedy ?? null,
    tellApart: tellApart ?? null,
    sources,
    flow: flow.map((step) => (typeof step === 'string' ? step : JSON.stringify(step))),
    screen: expect.screen ?? null,
    hresult: [expect.hresult ?? []].flat(),
    signs: signsOf(expect),
  };
}

/** What is made of the catalogue and kept beside it. */
function generate(known: readonly Scenario[], { pages, schema }: ScenariosOptions, out: Console): number {
  try {
    if (pages !== undefined) {
      mkdirSync(pages, { recursive: true });
      const written = cataloguePages(known);
      for (const [name, text] of written) writeFileSync(join(pages, name), text);
      out.progress(`${count(written.size, 'page')} written to ${pages}.`);
    }
    if (schema !== undefined) {
      mkdirSync(dirname(schema), { recursive: true });
      writeFileSync(schema, `${JSON.stringify(jsonSchema(), null, 2)}\n`);
      out.progress(`JSON Schema written to ${schema}.`);
    }
    return exitCodes.ok;
  } catch (error) {
    throw new CommandError(`It could not be written: ${explain(error)}`, { cause: error });
  }
}
