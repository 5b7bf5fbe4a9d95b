import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { type Scenario, scenarioSchema } from './scenario.schema.js';

/** A scenario file cannot be used; the message names file, line and member. */
export class ScenarioError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ScenarioError';
  }
}

/** Reads one scenario file. */
export function loadScenario(file: string): Scenario {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new ScenarioError(`${file}: there is no such file`);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const problem = document.errors[0];
  if (problem) throw new ScenarioError(`${file}:${lines.linePos(problem.pos[0]).line}: ${problem.message.split('\n')[0] ?? ''}`);
  const result = scenarioSchema.safeParse(document.toJS());
  if (result.success) return result.data;
  const described = result.error.issues.map(({ path, message }) => {
    const node: unknown = document.getIn(
      path.map((part) => (typeof part === 'symbol' ? String(part) : part)),
      true,
    );
    const range = typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range) ? Number(node.range[0]) : 0;
    return `${file}:${lines.linePos(range).line}: ${path.join('.') || 'file'}: ${message}`;
  });
  throw new ScenarioError(described.join('\n'));
}

const folder = join(import.meta.dirname, '..', '..', 'catalogue');

/** Ids of the scenarios that come with Greenscreen. */
export function catalogue(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => basename(name, '.yaml'))
    .sort();
}

/** A scenario by its catalogue id, or from a file. */
export function findScenario(idOrFile: string): Scenario {
  if (/\.ya?ml$/.test(idOrFile)) return loadScenario(idOrFile);
  if (!catalogue().includes(idOrFile)) throw new ScenarioError(`There is no scenario "${idOrFile}". Known: ${catalogue().join(', ')}`);
  return loadScenario(join(folder, `${idOrFile}.yaml`));
}
