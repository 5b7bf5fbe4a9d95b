import { describe, expect, it } from '@jest/globals';
import { AutopilotCsvError, type AutopilotCsvProblem, decodeAutopilotCsv, encodeAutopilotCsv } from './index.js';

const HEADER = 'Device Serial Number,Windows Product ID,Hardware Hash';
const HASH = Buffer.alloc(3000, 1).toString('base64');
const file = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'), 'latin1');

function problemOf(bytes: Buffer, domains?: string[]): { problem: AutopilotCsvProblem | 'none'; line: number } {
  try {
    decodeAutopilotCsv(bytes, domains);
    return { problem: 'none', line: 0 };
  } catch (error) {
    if (error instanceof AutopilotCsvError) return { problem: error.problem, line: error.line };
    throw error;
  }
}

describe('CSV of hardware hashes', () => {
  it.each(['ansi', 'utf8', 'utf16le'] as const)('comes back from %s', (encoding) => {
    const rows = [{ serialNumber: 'LAB-1', hardwareHash: HASH, groupTag: 'Büro', assignedUser: 'anna@contosolab.example' }];
    expect(decodeAutopilotCsv(encodeAutopilotCsv(rows, encoding))).toEqual([
      {
        serialNumber: 'LAB-1',
        productId: '',
        hardwareHash: HASH,
        groupTag: 'Büro',
        assignedUser: 'anna@contosolab.example',
        manufacturer: '',
        model: '',
      },
    ]);
  });

  it('is read in big-endian UTF-16 and in UTF-8 without a mark, too', () => {
    const text = `${HEADER}\nLAB-1,,${HASH}\nBüro,,${HASH}`;
    const bigEndian = Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, 'utf16le').swap16()]);
    for (const bytes of [bigEndian, Buffer.from(text, 'utf8'), Buffer.from(text, 'latin1')])
      expect(decodeAutopilotCsv(bytes).map(({ serialNumber }) => serialNumber)).toEqual(['LAB-1', 'Büro']);
  });

  it("has three to five columns, the partner's layout, or the older name of the tag", () => {
    for (const [more, values] of [
      ['', ''],
      [',Group Tag', ',T'],
      [',Assigned User', ',a@b.example'],
      [',Group Tag,Assigned User', ',T,a@b.example'],
      [',OrderID', ',T'],
      [',Manufacturer name,Device model', ',Contoso,Book'],
    ] as const)
      expect(problemOf(file(`${HEADER}${more}`, `LAB-1,,${HASH}${values}`))).toEqual({ problem: 'none', line: 0 });
    expect(decodeAutopilotCsv(file(`${HEADER},OrderID`, `LAB-1,,${HASH},Kiosk`))[0]).toMatchObject({ groupTag: 'Kiosk' });
  });

  it('takes 500 rows and no more', () => {
    const rows = Array.from({ length: 501 }, (_, index) => `LAB-${index},,${HASH}`);
    expect(problemOf(file(HEADER, ...rows.slice(1)))).toEqual({ problem: 'none', line: 0 });
    expect(problemOf(file(HEADER, ...rows))).toEqual({ problem: 'rows', line: 0 });
  });

  it.each([
    ['nothing', '', 'empty', 0],
    ['a header alone', `${HEADER}\r\n`, 'empty', 0],
    ['another case', `${HEADER.toLowerCase()}\r\nLAB-1,,${HASH}`, 'header', 1],
    ['a further column', `${HEADER},Group Tag,Assigned User,Note\r\nLAB-1,,${HASH},,,x`, 'header', 1],
    ['a missing column', `Device Serial Number,Hardware Hash\r\nLAB-1,${HASH}`, 'header', 1],
    ['quotation marks', `${HEADER}\r\n"LAB-1",,${HASH}`, 'quotation', 2],
    ['quotation marks in the header', `"${HEADER.replaceAll(',', '","')}"\r\nLAB-1,,${HASH}`, 'quotation', 1],
    ['a row of another width', `${HEADER}\r\nLAB-1,,${HASH}\r\nLAB-2,${HASH}`, 'columns', 3],
    ['a hash that is no base64', `${HEADER}\r\nLAB-1,,not a hash`, 'hash', 2],
    ['a hash without its padding', `${HEADER}\r\nLAB-1,,${Buffer.alloc(775).toString('base64').replace(/=/g, '')}`, 'hash', 2],
    ['no serial number', `${HEADER}\r\n,,${HASH}`, 'serial', 2],
    ['a user without a domain', `${HEADER},Assigned User\r\nLAB-1,,${HASH},anna`, 'user', 2],
  ] as const)('refuses %s', (_, text, problem, line) => {
    expect(problemOf(Buffer.from(text))).toEqual({ problem, line });
  });

  it('looks at the domain of a user only', () => {
    const bytes = file(`${HEADER},Assigned User`, `LAB-1,,${HASH},Nobody@ContosoLab.example`);
    expect(problemOf(bytes, ['contosolab.example'])).toEqual({ problem: 'none', line: 0 });
    expect(problemOf(bytes, ['other.example'])).toEqual({ problem: 'user', line: 2 });
  });
});
