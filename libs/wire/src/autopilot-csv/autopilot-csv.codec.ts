import { type CsvEncoding, decodeText, encodeText } from './encoding.js';
import { AutopilotCsvError } from './error.js';

/** One device of a CSV file; columns that the file does not have are empty. */
export interface AutopilotCsvRow {
  readonly serialNumber: string;
  readonly productId: string;
  /** base64 text. */
  readonly hardwareHash: string;
  readonly groupTag: string;
  readonly assignedUser: string;
  /** The partner's layout has these two (reference 01, section 2). */
  readonly manufacturer: string;
  readonly model: string;
}

/** Column names, compared with case [doc]. `OrderID` is the older name of the group tag [client]. */
const columns = {
  'Device Serial Number': 'serialNumber',
  'Windows Product ID': 'productId',
  'Hardware Hash': 'hardwareHash',
  'Group Tag': 'groupTag',
  OrderID: 'groupTag',
  'Assigned User': 'assignedUser',
  'Manufacturer name': 'manufacturer',
  'Device model': 'model',
} as const satisfies Record<string, keyof AutopilotCsvRow>;
type Column = keyof typeof columns;

const required: readonly Column[] = ['Device Serial Number', 'Windows Product ID', 'Hardware Hash'];
const optional: readonly (readonly Column[])[] = [
  [],
  ['Group Tag'],
  ['OrderID'],
  ['Assigned User'],
  ['Group Tag', 'Assigned User'],
  ['OrderID', 'Assigned User'],
  ['Manufacturer name', 'Device model'],
];
const layouts = optional.map((more) => [...required, ...more]);

/** Rows that one file may have [doc: Manually register devices]. */
export const MAX_ROWS = 500;

/**
 * Decodes a file of hardware hashes in any of its encodings and layouts (reference 01, section 2). Refuses what Intune's page refuses:
 * another header, more than 500 rows, quotation marks, rows of another width, a hash that is not padded base64, a user without a domain.
 * `domains`, when given, are the verified ones; only the domain of a user is looked at. Throws {@link AutopilotCsvError}.
 */
export function decodeAutopilotCsv(file: Buffer, domains?: readonly string[]): AutopilotCsvRow[] {
  const lines = decodeText(file)
    .split(/\r\n|\r|\n/)
    .map((text, index) => ({ text, line: index + 1 }))
    .filter(({ text }) => text.trim() !== '');
  const [header, ...rows] = lines;
  if (!header) throw new AutopilotCsvError('empty', 'The file is empty');
  const layout = layoutOf(header.text);
  if (rows.length === 0) throw new AutopilotCsvError('empty', 'The file has a header and no devices');
  if (rows.length > MAX_ROWS)
    throw new AutopilotCsvError('rows', `The file has ${rows.length} devices, and no more than ${MAX_ROWS} can be imported at once`);
  return rows.map(({ text, line }) => checkedRow(rowOf(layout, text, line), line, domains));
}

function layoutOf(header: string): readonly Column[] {
  const names = header.split(',');
  const layout = layouts.find((candidate) => candidate.length === names.length && candidate.every((name, index) => name === names[index]));
  if (layout) return layout;
  if (header.includes('"')) throw new AutopilotCsvError('quotation', 'The header has quotation marks; the file must not have any', 1);
  const expected = [...required, 'Group Tag', 'Assigned User'].join(',');
  throw new AutopilotCsvError('header', `The header is not "${expected}" (names are case sensitive, the last two are optional)`, 1);
}

function rowOf(layout: readonly Column[], text: string, line: number): AutopilotCsvRow {
  if (text.includes('"')) throw new AutopilotCsvError('quotation', 'The file must not have quotation marks', line);
  const values = text.split(',');
  if (values.length !== layout.length)
    throw new AutopilotCsvError('columns', `There are ${values.length} values under a header of ${layout.length} columns`, line);
  const row = { serialNumber: '', productId: '', hardwareHash: '', groupTag: '', assignedUser: '', manufacturer: '', model: '' };
  layout.forEach((name, index) => {
    row[columns[name]] = values[index]?.trim() ?? '';
  });
  return row;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function checkedRow(row: AutopilotCsvRow, line: number, domains: readonly string[] | undefined): AutopilotCsvRow {
  const { hardwareHash, serialNumber, productId, assignedUser } = row;
  if (!serialNumber && !productId) throw new AutopilotCsvError('serial', 'The device has neither a serial number nor a product id', line);
  if (!BASE64.test(hardwareHash)) throw new AutopilotCsvError('hash', 'The hardware hash is not base64 with its padding', line);
  if (assignedUser) {
    const domain = /^[^@\s]+@([^@\s]+\.[^@\s]+)$/.exec(assignedUser)?.[1]?.toLowerCase();
    if (domain === undefined) throw new AutopilotCsvError('user', `"${assignedUser}" is not a user principal name`, line);
    if (domains && !domains.includes(domain)) throw new AutopilotCsvError('user', `"${domain}" is not a domain of the tenant`, line);
  }
  return row;
}

/** The file that a collecting script writes: optional columns only when a row has something in them; lines end in CR LF. */
export function encodeAutopilotCsv(rows: readonly Partial<AutopilotCsvRow>[], encoding: CsvEncoding = 'ansi'): Buffer {
  const more = (['Group Tag', 'Assigned User'] as const).filter((name) => rows.some((row) => row[columns[name]]));
  const layout: readonly Column[] = [...required, ...more];
  const lines = rows.map((row) => layout.map((name) => (row[columns[name]] ?? '').replace(/[",\r\n]/g, '')).join(','));
  return encodeText([layout.join(','), ...lines, ''].join('\r\n'), encoding);
}
