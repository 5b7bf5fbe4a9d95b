export type CsvEncoding = 'ansi' | 'utf8' | 'utf16le';

const UTF16_LE = Buffer.from([0xff, 0xfe]);
const UTF16_BE = Buffer.from([0xfe, 0xff]);
const UTF8 = Buffer.from([0xef, 0xbb, 0xbf]);
const startsWith = (bytes: Buffer, mark: Buffer): boolean => bytes.subarray(0, mark.length).equals(mark);

/**
 * The text of a file. A byte order mark decides: Windows PowerShell writes UTF-16, newer shells UTF-8. Without one it is UTF-8 if it can be,
 * else ANSI, taken as Windows-1252 (reference 01, section 2).
 */
export function decodeText(bytes: Buffer): string {
  if (startsWith(bytes, UTF16_LE)) return bytes.subarray(2).toString('utf16le');
  if (startsWith(bytes, UTF16_BE))
    return Buffer.from(bytes.subarray(2, bytes.length - (bytes.length % 2)))
      .swap16()
      .toString('utf16le');
  if (startsWith(bytes, UTF8)) return bytes.subarray(3).toString('utf8');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** The file of a text; `utf8` and `utf16le` carry a byte order mark. What ANSI cannot write becomes `?`. */
export function encodeText(text: string, encoding: CsvEncoding): Buffer {
  if (encoding === 'utf16le') return Buffer.concat([UTF16_LE, Buffer.from(text, 'utf16le')]);
  if (encoding === 'utf8') return Buffer.concat([UTF8, Buffer.from(text, 'utf8')]);
  return Buffer.from(text.replace(/[^\p{ASCII}\u0080-\u00ff]/gu, '?'), 'latin1');
}
