import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { conformanceCases, gradeNames, missingCases, parityRows, provenBy, provenCases, specFiles } from './parity.support.js';

const root = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(root, 'PARITY.md'), 'utf8');
const specs = ['libs', 'apps', 'test']
  .flatMap((folder) => specFiles(join(root, folder)))
  .filter((file) => !file.endsWith('parity.spec.ts'));
const proven = provenCases(specs.map((file) => readFileSync(file, 'utf8')));

describe('PARITY.md', () => {
  it('has rows, each with a grade and, unless it says "missing", a test that exists', () => {
    const rows = parityRows(page);
    expect(rows.length).toBeGreaterThan(20);
    const unproven = rows.flatMap(({ behaviour, grade, proof }) => {
      if (!gradeNames.includes(grade)) return [`${behaviour}: no such grade "${grade}"`];
      const named = provenBy(proof);
      if (named.length === 0 && grade !== 'missing') return [`${behaviour}: names no test`];
      return named
        .filter((name) => (/^\d\d-\d+$/.test(name) ? !proven.has(name) : !existsSync(join(root, name))))
        .map((name) => `${behaviour}: there is no test ${name}`);
    });
    expect(unproven).toEqual([]);
  });

  it('lists exactly the conformance cases that have no test', () => {
    expect(missingCases(page)).toEqual(conformanceCases.filter((name) => !proven.has(name)));
  });
});

describe('the check of PARITY.md', () => {
  const table = (row: string): string => `| Behaviour | Real | Ours | Evidence | Grade | Proof |\n|---|---|---|---|---|---|\n${row}\n`;

  it('finds the cases that titles name, alone and in ranges', () => {
    expect([...provenCases(["it('02-7 refuses', …", "it('03-9, 03-10 and 03-12 to 03-14 hold'", "it('nothing about 03-1')"])]).toEqual([
      '02-7',
      '03-9',
      '03-10',
      '03-12',
      '03-13',
      '03-14',
    ]);
  });

  it('reads rows and the list of missing cases', () => {
    expect(parityRows(table('| a | b | c | d | real | 02-7, test/x.spec.ts |'))).toEqual([
      { behaviour: 'a', grade: 'real', proof: '02-7, test/x.spec.ts' },
    ]);
    expect(provenBy('02-7, `test/x.spec.ts`')).toEqual(['02-7', 'test/x.spec.ts']);
    expect(missingCases('## Conformance cases without a test\n\n01-3, 01-5\n02-1 to 02-3\n')).toEqual([
      '01-3',
      '01-5',
      '02-1',
      '02-2',
      '02-3',
    ]);
  });
});
