import { describe, expect, it } from '@jest/globals';
import { catalogue } from '@greenscreen/scenarios/format';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { styleFor } from '../output/style.js';
import { scenarios } from './scenarios.js';

/** Where the command writes: results and what is told beside them. */
function paper() {
  const [lines, told]: [string[], string[]] = [[], []];
  const out = {
    style: styleFor({}),
    width: 80,
    line: (text = '') => void lines.push(text),
    progress: (text: string) => void told.push(text),
  };
  return { out, lines, told };
}

describe('greenscreen scenarios', () => {
  it('lists everything, a line each', () => {
    const { out, lines } = paper();
    expect(scenarios([], {}, out)).toBe(0);
    expect(lines).toHaveLength(catalogue().length);
    expect(lines.find((line) => line.startsWith('join-object-deleted '))).toContain('The pre-created directory object was deleted');
  });

  it('tells what a code means, what helps, and how to replay it', () => {
    const { out, lines, told } = paper();
    expect(scenarios(['0x801C03F3'], {}, out)).toBe(0);
    const text = lines.join('\n');
    expect(text).toMatch(/^join-object-deleted {2}The pre-created directory object was deleted$/m);
    expect(text).toMatch(/^ {2}Cause +Somebody deleted the device object/m);
    expect(text).toMatch(/^ {2}Fix +Delete the Autopilot registration/m);
    expect(text).toMatch(/^ {2}Told apart by +No device object with the ZTDID/m);
    expect(text).toMatch(/^ {2}Events +udr 204; autopilot 180/m);
    expect(text).toMatch(/^ {2}Found by +HRESULT on the page/m);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(told.join('')).toMatch(/^3 scenarios of \d+\. Replay one: greenscreen replay join-object-deleted$/);
  });

  it('takes several words as one question', () => {
    const { out, lines } = paper();
    expect(scenarios(['terms', 'of', 'use'], {}, out)).toBe(0);
    expect(lines[0]).toMatch(/^user-tou-url-missing /);
  });

  it('says of a code shared by several causes how to tell them apart', () => {
    const { out, lines } = paper();
    scenarios(['0x80180014'], {}, out);
    expect(lines.filter((line) => /^ {2}Told apart by/.test(line)).length).toBeGreaterThanOrEqual(3);
    expect(lines.filter((line) => /^ {2}Decided by +Intune enrollment/.test(line)).length).toBeGreaterThanOrEqual(3);
  });

  it('writes a page for every scenario, and the schema for editors', () => {
    const folder = mkdtempSync(join(tmpdir(), 'greenscreen-scenarios-'));
    try {
      const { out, told } = paper();
      expect(scenarios([], { pages: join(folder, 'pages'), schema: join(folder, 'a', 'schema.json') }, out)).toBe(0);
      expect(readdirSync(join(folder, 'pages'))).toHaveLength(catalogue().length + 1);
      expect(JSON.parse(readFileSync(join(folder, 'a', 'schema.json'), 'utf8'))).toMatchObject({ title: 'Greenscreen scenario' });
      expect(told).toHaveLength(2);
      expect(() => scenarios([], { pages: join(folder, 'a', 'schema.json', 'pages') }, out)).toThrow('It could not be written');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('is read by programs', () => {
    const { out, lines } = paper();
    scenarios(['udr', '204'], { json: true }, out);
    const found = JSON.parse(lines.join('\n')) as { id: string; catalogue: number; found: string[]; hresult: string[] }[];
    expect(found.find(({ id }) => id === 'join-object-deleted')).toMatchObject({
      catalogue: 49,
      hresult: ['0x801c03f3'],
      found: ['event udr 204'],
    });
  });

  it('says when nothing fits, and that is no success', () => {
    const { out, lines, told } = paper();
    expect(scenarios(['0x80004002'], {}, out)).toBe(1);
    expect(lines).toEqual([]);
    expect(told.join('')).toContain('"0x80004002"');
  });
});
