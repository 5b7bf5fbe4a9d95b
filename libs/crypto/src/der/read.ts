import { type DerNode } from './decode.js';
import { DerError } from './error.js';
import { tagClasses, tags } from './tags.js';

/** Reads content as a universal type; throws {@link DerError} when the element is absent, another one, or unusable. */
type Read<T> = (node: DerNode | undefined) => T;

const found = (node: DerNode | undefined, tag: number, name: string): DerNode => {
  if (node?.tagClass !== tagClasses.universal || node.tag !== tag) throw new DerError(`expected ${name}`);
  return node;
};
const constructed = (node: DerNode | undefined, tag: number, name: string): DerNode => {
  const element = found(node, tag, name);
  if (!element.constructed) throw new DerError(`${name} without members`);
  return element;
};
const primitive = (node: DerNode | undefined, tag: number, name: string): Buffer => {
  const element = found(node, tag, name);
  if (element.constructed) throw new DerError(`${name} in pieces`);
  return element.content;
};

/** Members of a SEQUENCE. */
export const asSequence: Read<readonly DerNode[]> = (node) => constructed(node, tags.sequence, 'SEQUENCE').children;

/** Members of a SET. */
export const asSet: Read<readonly DerNode[]> = (node) => constructed(node, tags.set, 'SET').children;

/** Content of an OCTET STRING; pieces of a constructed one are joined (BER). */
export const asOctets: Read<Buffer> = (node) => {
  const element = found(node, tags.octetString, 'OCTET STRING');
  return element.constructed ? Buffer.concat(element.children.map(asOctets)) : element.content;
};

/** Two's-complement content of an INTEGER, as it stands. */
export const asIntegerBytes: Read<Buffer> = (node) => {
  const content = primitive(node, tags.integer, 'INTEGER');
  if (content.length === 0) throw new DerError('empty INTEGER');
  return content;
};

/** An INTEGER of at most 48 bits. */
export const asInteger: Read<number> = (node) => {
  const bytes = asIntegerBytes(node);
  if (bytes.length > 6) throw new DerError('INTEGER out of range');
  return bytes.readIntBE(0, bytes.length);
};

/** An INTEGER of any size. */
export const asBigInt: Read<bigint> = (node) => {
  const bytes = asIntegerBytes(node);
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
};

/** Bytes of a BIT STRING; bits that do not count are left in the last one. */
export const asBits: Read<Buffer> = (node) => {
  const content = primitive(node, tags.bitString, 'BIT STRING');
  const unused = content[0];
  if (unused === undefined || unused > 7 || (unused > 0 && content.length === 1)) throw new DerError('BIT STRING without usable bits');
  return content.subarray(1);
};

/** Bytes of a BIT STRING whose every bit counts, such as a key or a signature. */
export const asBitBytes: Read<Buffer> = (node) => {
  const bytes = asBits(node);
  if (node?.content[0] !== 0) throw new DerError('BIT STRING of half bytes');
  return bytes;
};

/** Any byte but 0 is true (BER). */
export const asBoolean: Read<boolean> = (node) => {
  const content = primitive(node, tags.boolean, 'BOOLEAN');
  if (content.length !== 1) throw new DerError('BOOLEAN of another size');
  return content[0] !== 0;
};

/** Dotted form of an OBJECT IDENTIFIER. */
export const asOid: Read<string> = (node) => {
  const content = primitive(node, tags.oid, 'OBJECT IDENTIFIER');
  const [first, ...rest] = arcsOf(content);
  if (first === undefined) throw new DerError('empty OBJECT IDENTIFIER');
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - root * 40, ...rest].join('.');
};

function arcsOf(content: Buffer): number[] {
  const arcs: number[] = [];
  let arc = 0;
  let open = false;
  for (const byte of content) {
    if (arc > Number.MAX_SAFE_INTEGER / 128 - 1) throw new DerError('OBJECT IDENTIFIER arc too large');
    arc = arc * 128 + (byte & 0x7f);
    open = (byte & 0x80) !== 0;
    if (open) continue;
    arcs.push(arc);
    arc = 0;
  }
  if (open) throw new DerError('truncated OBJECT IDENTIFIER');
  return arcs;
}

/**
 * Text of any of the string types that names use here. The character set is not checked: Windows writes `!` and NUL into PrintableString
 * (reference 04, 3.2).
 */
export const asText: Read<string> = (node) => {
  if (node?.tagClass !== tagClasses.universal || node.constructed) throw new DerError('expected a string');
  switch (node.tag) {
    case tags.utf8String:
      return node.content.toString('utf8');
    case tags.printableString:
    case tags.ia5String:
    case tags.teletexString:
    case tags.visibleString:
    case tags.numericString:
      return node.content.toString('latin1');
    case tags.bmpString:
      if (node.content.length % 2 !== 0) throw new DerError('BMPString with half a character');
      return Buffer.from(node.content).swap16().toString('utf16le');
    default:
      throw new DerError('expected a string');
  }
};

/** UTCTime (years 1950 to 2049) or GeneralizedTime, both to the second and in UTC (RFC 5280, 4.1.2.5). */
export const asTime: Read<Date> = (node) => {
  const yearDigits = node?.tagClass === tagClasses.universal ? yearDigitsOf[node.tag] : undefined;
  if (node === undefined || yearDigits === undefined) throw new DerError('expected a time');
  const text = node.content.toString('latin1');
  const match = /^(\d+)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  const [, year = '', month, day, hour, minute, second] = match ?? [];
  if (year.length !== yearDigits) throw new DerError('unusable time');
  const fullYear = yearDigits === 4 ? year : `${Number(year) < 50 ? '20' : '19'}${year}`;
  const iso = `${fullYear}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const time = new Date(iso);
  // A day that the month does not have would roll over into the next one.
  if (Number.isNaN(time.getTime()) || time.toISOString() !== iso) throw new DerError('unusable time');
  return time;
};
const yearDigitsOf: Readonly<Record<number, number>> = { [tags.utcTime]: 2, [tags.generalizedTime]: 4 };
