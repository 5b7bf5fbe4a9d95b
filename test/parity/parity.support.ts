import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** How many numbered cases each protocol's reference has. */
const casesOf: Readonly<Record<string, number>> = { '01': 64, '02': 40, '03': 41, '04': 63, '05': 54 };

/** `01-1` … `05-54`. */
export const conformanceCases: readonly string[] = Object.entries(casesOf).flatMap(([document, count]) =>
  Array.from({ length: count }, (_, index) => `${document}-${index + 1}`),
);

export const gradeNames: readonly string[] = ['real', 'simplified', 'our choice', 'missing'];

export interface ParityRow {
  readonly behaviour: string;
  readonly grade: string;
  readonly proof: string;
}

/** Rows of the tables whose last two columns are grade and proof. */
export function parityRows(page: string): ParityRow[] {
  return page.split('\n').flatMap((line) => {
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    const [, behaviour = '', , , , grade = '', proof = ''] = cells;
    return cells.length === 8 && behaviour !== 'Behaviour' && !/^:?-+:?$/.test(behaviour) ? [{ behaviour, grade, proof }] : [];
  });
}

/** Case numbers and files that a proof cell names. */
export const provenBy = (proof: string): string[] =>
  proof
    .replaceAll('`', '')
    .split(/[,\s]+/)
    .filter((name) => name !== '' && name !== '–');

const CASE = /\b(0[1-5])-(\d+)(?:\s+to\s+\1-(\d+))?/g;

/** Case numbers in a text; `03-2 to 03-5` stands for all four. */
function casesIn(text: string): string[] {
  return [...text.matchAll(CASE)].flatMap(([, document = '', first = '', last = first]) =>
    Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => `${document}-${Number(first) + index}`),
  );
}

/** Cases that tests prove: their titles (or the rows of a table of titles) begin with the numbers. */
export function provenCases(sources: readonly string[]): Set<string> {
  const titles = sources.flatMap((source) => [...source.matchAll(/(['"`])(0[1-5]-\d[^\n]*?)\1/g)].map(([, , title = '']) => title));
  return new Set(titles.flatMap(casesIn));
}

/** The cases that the page says have no test yet. */
export function missingCases(page: string): string[] {
  const [, section = ''] = page.split('## Conformance cases without a test');
  const listed = new Set(casesIn(section.split('\n## ')[0] ?? ''));
  return conformanceCases.filter((name) => listed.has(name));
}

/** Every spec file below a folder. */
export function specFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return ['node_modules', 'dist'].includes(entry.name) ? [] : specFiles(join(folder, entry.name));
    return entry.name.endsWith('.spec.ts') ? [join(folder, entry.name)] : [];
  });
}
