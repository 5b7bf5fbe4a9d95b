import forge from 'node-forge';
import { DerError } from './error.js';
import { tags } from './tags.js';

/** An element to be encoded: made by the functions below, or bytes that are DER already. */
export type Der = Buffer;

const UNIVERSAL = forge.asn1.Class.UNIVERSAL;
const CONTEXT = forge.asn1.Class.CONTEXT_SPECIFIC;

// node-forge lays out identifiers and lengths; content goes in and comes out as its binary strings.
const encode = (tagClass: forge.asn1.Class, tag: number, constructed: boolean, content: Buffer): Der => {
  const node = forge.asn1.create(tagClass, tag, false, content.toString('latin1'));
  const der = Buffer.from(forge.asn1.toDer(node).getBytes(), 'latin1');
  if (constructed) der[0] = (der[0] ?? 0) | 0x20;
  return der;
};

export const seq = (...members: Der[]): Der => encode(UNIVERSAL, tags.sequence, true, Buffer.concat(members));

/** Members in the given order: several structures here are compared byte for byte and decoded by position. */
export const set = (...members: Der[]): Der => encode(UNIVERSAL, tags.set, true, Buffer.concat(members));

/** DER's SET OF: members in ascending order of their encodings (X.690, 11.6). */
export const setOf = (...members: Der[]): Der => set(...[...members].sort((a, b) => Buffer.compare(a, b)));

/** Dotted form; the same few occur in every certificate, so their encodings are kept. */
export function oid(dotted: string): Der {
  const known = oids.get(dotted);
  if (known) return known;
  if (!/^[012](\.(0|[1-9]\d{0,14}))+$/.test(dotted)) throw new DerError(`not an object identifier: ${dotted}`);
  const der = encode(UNIVERSAL, tags.oid, false, Buffer.from(forge.asn1.oidToDer(dotted).getBytes(), 'latin1'));
  if (oids.size < OIDS_KEPT) oids.set(dotted, der);
  return der;
}
const oids = new Map<string, Der>();
const OIDS_KEPT = 500;

export const bool = (value: boolean): Der => Buffer.from([tags.boolean, 1, value ? 0xff : 0]);
export const nul = (): Der => Buffer.from([tags.null, 0]);
export const octets = (value: Buffer): Der => encode(UNIVERSAL, tags.octetString, false, value);
/** `unused`: how many bits at the end of the last byte do not count. */
export const bits = (value: Buffer, unused = 0): Der =>
  encode(UNIVERSAL, tags.bitString, false, Buffer.concat([Buffer.from([unused]), value]));
export const utf8 = (value: string): Der => encode(UNIVERSAL, tags.utf8String, false, Buffer.from(value, 'utf8'));
/** Characters up to U+00FF; whether PrintableString may hold them is not checked, as Windows does not either. */
export const printable = (value: string): Der => encode(UNIVERSAL, tags.printableString, false, Buffer.from(value, 'latin1'));
export const ia5 = (value: string): Der => encode(UNIVERSAL, tags.ia5String, false, Buffer.from(value, 'latin1'));
/** UTF-16, big endian: node-forge turns the characters of this one type into two bytes each itself. */
export const bmp = (value: string): Der =>
  Buffer.from(forge.asn1.toDer(forge.asn1.create(UNIVERSAL, tags.bmpString, false, value)).getBytes(), 'latin1');

/** An INTEGER that is not negative, from a safe number or from unsigned big-endian bytes. */
export function int(value: number | Buffer): Der {
  const unsigned = typeof value === 'number' ? unsignedBytes(value) : value;
  let start = 0;
  while (start < unsigned.length - 1 && unsigned[start] === 0) start += 1;
  const trimmed = unsigned.length === 0 ? Buffer.alloc(1) : unsigned.subarray(start);
  return signedInt((trimmed[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), trimmed]) : trimmed);
}

/** An INTEGER from its two's-complement content, which may be negative: real Intune serial numbers are (reference 04, 3.6). */
export const signedInt = (content: Buffer): Der => encode(UNIVERSAL, tags.integer, false, content);

function unsignedBytes(value: number): Buffer {
  if (!Number.isSafeInteger(value) || value < 0) throw new DerError(`not an unsigned integer: ${value}`);
  const hex = value.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
}

const digits = (value: Date): string => value.toISOString().replace(/[-:T]|\.\d+/g, '');

/** To the second; years 1950 to 2049. */
export const utcTime = (value: Date): Der => encode(UNIVERSAL, tags.utcTime, false, Buffer.from(digits(value).slice(2)));
/** To the second; up to 9999. */
export const generalizedTime = (value: Date): Der => encode(UNIVERSAL, tags.generalizedTime, false, Buffer.from(digits(value)));
/** UTCTime up to 2049, GeneralizedTime after (RFC 5280, 4.1.2.5). */
export const time = (value: Date): Der =>
  value.getUTCFullYear() >= 1950 && value.getUTCFullYear() < 2050 ? utcTime(value) : generalizedTime(value);

/** `[n]` around elements (explicit), or in place of a constructed one's tag. */
export const explicit = (n: number, ...members: Der[]): Der => encode(CONTEXT, n, true, Buffer.concat(members));
/** `[n]` in place of a primitive's tag. */
export const implicit = (n: number, content: Buffer): Der => encode(CONTEXT, n, false, content);
