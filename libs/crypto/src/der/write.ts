import forge from 'node-forge';
import { tags } from './read.js';

/** An element to be encoded: made by the functions below, or bytes that are DER already. */
export type Der = Buffer;

const UNIVERSAL = forge.asn1.Class.UNIVERSAL;
const CONTEXT = forge.asn1.Class.CONTEXT_SPECIFIC;

// node-forge lays out identifiers and lengths; content goes in and comes out as its binary strings.
const encode = (tagClass: forge.asn1.Class, tag: number, constructed: boolean, content: Buffer): Der => {
  const node = forge.asn1.create(tagClass, tag as forge.asn1.Type, false, content.toString('latin1'));
  const der = Buffer.from(forge.asn1.toDer(node).getBytes(), 'latin1');
  if (constructed) der[0] = (der[0] ?? 0) | 0x20;
  return der;
};

export const seq = (...members: Der[]): Der => encode(UNIVERSAL, tags.sequence, true, Buffer.concat(members));
/** Members in the given order: several structures here are compared byte for byte and decoded by position. */
export const set = (...members: Der[]): Der => encode(UNIVERSAL, tags.set, true, Buffer.concat(members));
/** DER's SET OF: members in ascending order of their encodings. */
export const setOf = (...members: Der[]): Der => set(...[...members].sort((a, b) => Buffer.compare(a, b)));
export const oid = (dotted: string): Der =>
  encode(UNIVERSAL, tags.oid, false, Buffer.from(forge.asn1.oidToDer(dotted).getBytes(), 'latin1'));
export const bool = (value: boolean): Der => encode(UNIVERSAL, tags.boolean, false, Buffer.from([value ? 0xff : 0]));
export const nul = (): Der => Buffer.from([5, 0]);
export const octets = (value: Buffer): Der => encode(UNIVERSAL, tags.octetString, false, value);
export const bits = (value: Buffer, unused = 0): Der =>
  encode(UNIVERSAL, tags.bitString, false, Buffer.concat([Buffer.from([unused]), value]));
export const utf8 = (value: string): Der => encode(UNIVERSAL, tags.utf8String, false, Buffer.from(value, 'utf8'));
export const printable = (value: string): Der => encode(UNIVERSAL, tags.printableString, false, Buffer.from(value, 'latin1'));
export const ia5 = (value: string): Der => encode(UNIVERSAL, tags.ia5String, false, Buffer.from(value, 'latin1'));
export const bmp = (value: string): Der => encode(UNIVERSAL, tags.bmpString, false, Buffer.from(value, 'utf16le').swap16());

/** An INTEGER from a number, or from unsigned big-endian bytes. */
export function int(value: number | Buffer): Der {
  const unsigned =
    typeof value === 'number'
      ? Buffer.from(value.toString(16).padStart(value.toString(16).length + (value.toString(16).length % 2), '0'), 'hex')
      : value;
  let start = 0;
  while (start < unsigned.length - 1 && unsigned[start] === 0) start += 1;
  const trimmed = unsigned.subarray(start);
  return encode(UNIVERSAL, tags.integer, false, (trimmed[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), trimmed]) : trimmed);
}

/** UTCTime up to 2049, GeneralizedTime after (RFC 5280, 4.1.2.5). */
export function time(value: Date): Der {
  const digits = value.toISOString().replace(/[-:T]|\.\d+/g, '');
  return value.getUTCFullYear() < 2050
    ? encode(UNIVERSAL, tags.utcTime, false, Buffer.from(digits.slice(2)))
    : encode(UNIVERSAL, tags.generalizedTime, false, Buffer.from(digits));
}

/** `[n]` around elements (explicit), or in place of a primitive's tag (implicit). */
export const explicit = (n: number, ...members: Der[]): Der => encode(CONTEXT, n, true, Buffer.concat(members));
export const implicit = (n: number, content: Buffer): Der => encode(CONTEXT, n, false, content);
