import { DerError } from './error.js';

/** Universal tag numbers (X.680). */
export const tags = {
  boolean: 1,
  integer: 2,
  bitString: 3,
  octetString: 4,
  null: 5,
  oid: 6,
  utf8String: 12,
  sequence: 16,
  set: 17,
  printableString: 19,
  ia5String: 22,
  utcTime: 23,
  generalizedTime: 24,
  bmpString: 30,
} as const;

const DEPTH = 32;

/**
 * A decoded element that keeps the bytes it came from: signatures are over what was received, and real certificates here are not always
 * strict DER (reference 03, 1.7), so nothing may be re-encoded before it is verified.
 */
export interface DerNode {
  /** 0 universal, 1 application, 2 context-specific, 3 private. */
  readonly tagClass: number;
  readonly tag: number;
  readonly constructed: boolean;
  /** Identifier, length and content. */
  readonly raw: Buffer;
  readonly content: Buffer;
  /** Elements inside; empty for a primitive one. */
  readonly children: readonly DerNode[];
}

/** Decodes one element; bytes behind it are refused unless allowed (padding in TPM NV, forms that concatenate). */
export function decodeDer(bytes: Buffer, { allowTrailing = false } = {}): DerNode {
  const node = read(bytes, 0, bytes.length, 0);
  if (!allowTrailing && node.raw.length !== bytes.length) throw new DerError(`${bytes.length - node.raw.length} bytes behind the element`);
  return node;
}

function read(bytes: Buffer, start: number, end: number, depth: number): DerNode {
  if (depth > DEPTH) throw new DerError('nested too deeply');
  if (start + 2 > end) throw new DerError('truncated element');
  const identifier = bytes[start] ?? 0;
  const tag = identifier & 0x1f;
  if (tag === 0x1f) throw new DerError('multi-byte tags are not used here');
  const { length, at } = readLength(bytes, start + 1, end);
  const stop = at + length;
  if (stop > end) throw new DerError('length exceeds the data');
  const constructed = (identifier & 0x20) !== 0;
  const children: DerNode[] = [];
  if (constructed) {
    for (let next = at; next < stop;) {
      const child = read(bytes, next, stop, depth + 1);
      children.push(child);
      next += child.raw.length;
    }
  }
  return { tagClass: identifier >> 6, tag, constructed, raw: bytes.subarray(start, stop), content: bytes.subarray(at, stop), children };
}

function readLength(bytes: Buffer, at: number, end: number): { length: number; at: number } {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return { length: first, at: at + 1 };
  const count = first & 0x7f;
  if (count === 0 || count > 4 || at + 1 + count > end) throw new DerError('unusable length');
  return { length: bytes.readUIntBE(at + 1, count), at: at + 1 + count };
}

const expectTag = (node: DerNode | undefined, tag: number, name: string): DerNode => {
  if (node?.tagClass !== 0 || node.tag !== tag) throw new DerError(`expected ${name}`);
  return node;
};

/** Members of a SEQUENCE. */
export const asSequence = (node: DerNode | undefined): readonly DerNode[] => expectTag(node, tags.sequence, 'SEQUENCE').children;
/** Members of a SET. */
export const asSet = (node: DerNode | undefined): readonly DerNode[] => expectTag(node, tags.set, 'SET').children;
/** Content of an OCTET STRING; pieces of a constructed one are joined. */
export function asOctets(node: DerNode | undefined): Buffer {
  const found = expectTag(node, tags.octetString, 'OCTET STRING');
  return found.constructed ? Buffer.concat(found.children.map(asOctets)) : found.content;
}
/** Two's-complement content of an INTEGER, as it stands. */
export const asIntegerBytes = (node: DerNode | undefined): Buffer => expectTag(node, tags.integer, 'INTEGER').content;
export function asInteger(node: DerNode | undefined): number {
  const bytes = asIntegerBytes(node);
  if (bytes.length === 0 || bytes.length > 6) throw new DerError('INTEGER out of range');
  return bytes.readIntBE(0, bytes.length);
}
/** Bytes of a BIT STRING with no unused bits. */
export function asBits(node: DerNode | undefined): Buffer {
  const { content } = expectTag(node, tags.bitString, 'BIT STRING');
  if (content[0] === undefined || content[0] > 7) throw new DerError('BIT STRING without its first byte');
  return content.subarray(1);
}
export const asBoolean = (node: DerNode | undefined): boolean => expectTag(node, tags.boolean, 'BOOLEAN').content[0] !== 0;

/** Dotted form of an OBJECT IDENTIFIER. */
export function asOid(node: DerNode | undefined): string {
  const { content } = expectTag(node, tags.oid, 'OBJECT IDENTIFIER');
  if (content.length === 0) throw new DerError('empty OBJECT IDENTIFIER');
  const arcs: number[] = [];
  let arc = 0;
  let open = false;
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER / 128) throw new DerError('OBJECT IDENTIFIER arc too large');
    open = (byte & 0x80) !== 0;
    if (open) continue;
    arcs.push(arc);
    arc = 0;
  }
  if (open) throw new DerError('truncated OBJECT IDENTIFIER');
  const [first = 0, ...rest] = arcs;
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - root * 40, ...rest].join('.');
}

/** Text of any of the string types that names use here. */
export function asText(node: DerNode | undefined): string {
  if (node?.tagClass !== 0) throw new DerError('expected a string');
  switch (node.tag) {
    case tags.utf8String:
      return node.content.toString('utf8');
    case tags.printableString:
    case tags.ia5String:
    case 20: // TeletexString
      return node.content.toString('latin1');
    case tags.bmpString:
      return Buffer.from(node.content.subarray(0, node.content.length & ~1))
        .swap16()
        .toString('utf16le');
    default:
      throw new DerError('expected a string');
  }
}

/** UTCTime (years 1950 to 2049) or GeneralizedTime. */
export function asTime(node: DerNode | undefined): Date {
  if (node?.tagClass !== 0 || (node.tag !== tags.utcTime && node.tag !== tags.generalizedTime)) throw new DerError('expected a time');
  const text = node.content.toString('latin1');
  const match = /^(\d{2}|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!match) throw new DerError('unusable time');
  const [, year = '', month, day, hour, minute, second] = match;
  const fullYear = year.length === 4 ? year : `${Number(year) < 50 ? '20' : '19'}${year}`;
  const time = new Date(`${fullYear}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(time.getTime())) throw new DerError('unusable time');
  return time;
}
/** The member tagged [n], context-specific. */
export const contextMember = (nodes: readonly DerNode[], n: number): DerNode | undefined =>
  nodes.find(({ tagClass, tag }) => tagClass === 2 && tag === n);
