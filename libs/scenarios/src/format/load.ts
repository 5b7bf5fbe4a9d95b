import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Document, isMap as isYamlMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { type z } from 'zod';
import { inherit, InheritanceError, isMap } from './inheritance.js';
import { id, type Scenario, scenarioSchema } from './scenario.schema.js';

/** A scenario file cannot be used; each line of the message names file, line and member. */
export class ScenarioError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ScenarioError';
  }
}

type Path = readonly (string | number)[];
type Members = Readonly<Record<string, unknown>>;

/** A file as it is read, with what it extends still apart. */
interface Source {
  readonly file: string;
  /** Folders in which what it extends is looked for. */
  readonly places: readonly string[];
  readonly document: Document;
  readonly lines: LineCounter;
  readonly members: unknown;
  readonly parent?: Source;
}

/** Reads one scenario file, with what it extends. Throws {@link ScenarioError} with everything that is wrong with it. */
export function loadScenario(file: string): Scenario {
  return validated(read(file, []));
}

/**
 * The same for a text that lies in no file: it extends scenarios of the catalogue only, and `name` is what messages call it. Throws
 * {@link ScenarioError}.
 */
export function parseScenario(text: string, name: string): Scenario {
  return validated(parse({ file: name, text, places: [folder] }, []));
}

function validated(source: Source): Scenario {
  const result = scenarioSchema.safeParse(membersOf(source));
  if (result.success) return result.data;
  throw new ScenarioError(
    result.error.issues
      .flatMap((issue) => placesOf(issue))
      .map(({ path, message }) => describe(holderOf(source, path), path, message))
      .join('\n'),
  );
}

const read = (file: string, children: readonly string[]): Source =>
  parse({ file, text: textOf(file), places: [dirname(file), folder] }, children);

function parse({ text, ...where }: Pick<Source, 'file' | 'places'> & { readonly text: string }, children: readonly string[]): Source {
  const { file } = where;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const problem = document.errors[0];
  if (problem) throw new ScenarioError(`${file}:${lines.linePos(problem.pos[0]).line}: ${problem.message.split('\n')[0] ?? ''}`);
  const source: Source = { ...where, document, lines, members: valueOf(document, file) };
  const parent = isMap(source.members) ? id.safeParse(source.members.extends) : undefined;
  if (!parent?.success) return source;
  const parentFile = parentOf(source, parent.data);
  if ([...children, file].includes(parentFile)) throw new ScenarioError(describe(source, ['extends'], 'leads back to this file'));
  return { ...source, parent: read(parentFile, [...children, file]) };
}

/** Aliases that lead nowhere, or would make a small text a large value, are refused. */
function valueOf(document: Document, file: string): unknown {
  try {
    return document.toJS() as unknown;
  } catch (error) {
    throw new ScenarioError(`${file}:1: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parentOf(source: Source, name: string): string {
  const found = source.places.map((place) => join(place, `${name}.yaml`)).find((path) => existsSync(path));
  if (found === undefined) throw new ScenarioError(describe(source, ['extends'], `there is no scenario "${name}"`));
  return found;
}

/** The file's members with what it inherits. */
function membersOf(source: Source): unknown {
  if (!source.parent || !isMap(source.members)) return source.members;
  const parent = membersOf(source.parent);
  try {
    return inherit(isMap(parent) ? parent : ({} satisfies Members), source.members);
  } catch (error) {
    if (error instanceof InheritanceError) throw new ScenarioError(describe(source, error.path, error.message));
    throw error;
  }
}

/** The file that says what a path leads to: its own, or the one that it is inherited from. */
function holderOf(source: Source, path: Path): Source {
  const own = path.length === 0 || source.document.hasIn(path.slice(0, 1));
  return own || !source.parent ? source : holderOf(source.parent, path);
}

const describe = ({ file, document, lines }: Source, path: Path, message: string): string =>
  `${file}:${lines.linePos(offsetOf(document, path)).line}: ${path.join('.') || 'file'}: ${message}`;

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new ScenarioError(`${file}: there is no such file`);
  }
}

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
    if (isYamlMap(holder)) {
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
