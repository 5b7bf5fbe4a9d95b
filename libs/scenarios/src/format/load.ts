import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { type z } from 'zod';
import { type Scenario, scenarioSchema } from './scenario.schema.js';

/** A scenario file cannot be used; each line of the message names file, line and member. */
export class ScenarioError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ScenarioError';
  }
}

/** Reads one scenario file. Throws {@link ScenarioError} with everything that is wrong with it. */
export function loadScenario(file: string): Scenario {
  const lines = new LineCounter();
  const document = parseDocument(textOf(file), { lineCounter: lines, uniqueKeys: true });
  const problem = document.errors[0];
  if (problem) throw new ScenarioError(`${file}:${lines.linePos(problem.pos[0]).line}: ${problem.message.split('\n')[0] ?? ''}`);
  const result = scenarioSchema.safeParse(document.toJS());
  if (result.success) return result.data;
  const described = result.error.issues.flatMap((issue) =>
    placesOf(issue).map(
      ({ path, message }) => `${file}:${lines.linePos(offsetOf(document, path)).line}: ${path.join('.') || 'file'}: ${message}`,
    ),
  );
  throw new ScenarioError(described.join('\n'));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new ScenarioError(`${file}: there is no such file`);
  }
}

type Path = readonly (string | number)[];

/** An unknown key is a problem of that key, not of the map that holds it. */
function placesOf(issue: z.core.$ZodIssue): { path: Path; message: string }[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ path: [...path, key], message: 'there is no such key' }));
  return [{ path, message: issue.message }];
}

/** Where a member stands in the file, by its key; where what holds it stands, if it is missing. */
function offsetOf(document: Document, path: Path): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const holder: unknown = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true);
    const key = path[depth - 1];
    if (isMap(holder)) {
      const pair = holder.items.find((item) => isScalar(item.key) && item.key.value === key);
      if (pair && isScalar(pair.key) && pair.key.range) return pair.key.range[0];
    }
    const node: unknown = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

const folder = join(import.meta.dirname, '..', '..', 'catalogue');

/** Ids of the scenarios that come with Greenscreen. */
export function catalogue(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => basename(name, '.yaml'))
    .sort();
}

/** A scenario by its catalogue id, or from a file. Throws {@link ScenarioError}. */
export function findScenario(idOrFile: string): Scenario {
  if (/\.ya?ml$/.test(idOrFile)) return loadScenario(idOrFile);
  if (!catalogue().includes(idOrFile)) throw new ScenarioError(`There is no scenario "${idOrFile}". Known: ${catalogue().join(', ')}`);
  return loadScenario(join(folder, `${idOrFile}.yaml`));
}

/** Several scenarios for one run; two of one id would be confused in reports. Throws {@link ScenarioError}. */
export function findScenarios(idsOrFiles: readonly string[]): Scenario[] {
  const found = idsOrFiles.map((name) => ({ name, scenario: findScenario(name) }));
  for (const [index, { name, scenario }] of found.entries()) {
    const first = found.slice(0, index).find((other) => other.scenario.id === scenario.id);
    if (first) throw new ScenarioError(`${name}: the id "${scenario.id}" is that of ${first.name} too`);
  }
  return found.map(({ scenario }) => scenario);
}
