import { describe, expect, it } from '@jest/globals';
import { decodeAutopilotCsv } from '@greenscreen/wire/autopilot-csv';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { styleFor } from '../output/style.js';
import { decodeHash, makeHashes } from './hash.js';

/** Where the commands write: results and what is told beside them. */
function paper() {
  const [lines, told]: [string[], string[]] = [[], []];
  const out = {
    style: styleFor(process.stdout),
    width: 80,
    line: (text = '') => void lines.push(text),
    progress: (text: string) => void told.push(text),
  };
  return { out, lines, told };
}

describe('greenscreen hash', () => {
  it('reads what it makes, from the command line and from a file', async () => {
    const made = paper();
    expect(await makeHashes({ vendor: 'lenovo', count: 1, serial: 'PF1' }, made.out)).toBe(0);
    const [hash = ''] = made.lines;
    expect(hash).toHaveLength(4000);
    const folder = mkdtempSync(join(tmpdir(), 'greenscreen-'));
    try {
      const file = join(folder, 'hash.txt');
      writeFileSync(file, `${hash}\n`, 'utf16le');
      for (const source of [hash, file]) {
        const read = paper();
        expect(decodeHash(source, {}, read.out)).toBe(0);
        expect(read.lines.join('\n')).toMatch(/EK hash +[0-9a-f]{64}\n(.*\n)*SmbiosSystemSerialNumber +PF1\n/);
      }
      const xml = paper();
      decodeHash(hash, { xml: true }, xml.out);
      expect(xml.lines.join('\n')).toContain('<p n="SmbiosSystemManufacturer" v="LENOVO"/>');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('writes the file that an import takes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'greenscreen-'));
    try {
      const csv = join(folder, 'devices.csv');
      expect(await makeHashes({ vendor: 'dell', count: 3, groupTag: 'Kiosk', csv }, paper().out)).toBe(0);
      const rows = decodeAutopilotCsv(readFileSync(csv));
      expect(rows).toHaveLength(3);
      expect(new Set(rows.map(({ serialNumber }) => serialNumber)).size).toBe(3);
      expect(rows[0]).toMatchObject({ groupTag: 'Kiosk' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('says what is wrong with a hash', async () => {
    const made = paper();
    await makeHashes({ vendor: 'hp', count: 1 }, made.out);
    const bytes = Buffer.from(made.lines[0] ?? '', 'base64');
    bytes[300] = (bytes[300] ?? 0) ^ 1;
    const strict = paper();
    expect(decodeHash(bytes.toString('base64'), {}, strict.out)).toBe(1);
    expect(strict.told.join('')).toMatch(/digest.*--lenient/);
    expect(decodeHash(bytes.toString('base64'), { lenient: true }, paper().out)).toBe(0);
    expect(decodeHash('not a hash', {}, paper().out)).toBe(1);
  });
});
