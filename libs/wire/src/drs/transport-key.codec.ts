import { DrsFormatError } from './error.js';
import { decodeBase64Member, Members } from './members.js';

/** An RSA public key as joins and key registrations carry it. */
export interface TransportKey {
  /** As received: what directory reads return as key material (reference 02, 10.2). */
  readonly text: string;
  /** Big endian, unsigned. */
  readonly modulus: Buffer;
  readonly exponent: Buffer;
}

const MAGIC = 0x31415352; // "RSA1"
const HEADER_BYTES = 24;
const SMALLEST_BITS = 2048;
const LARGEST_BITS = 4096;

/**
 * Reads a TransportKey: base64 of a CNG `BCRYPT_RSAPUBLIC_BLOB`, or base64 of a JWK's JSON text (reference 02, 10.2). Throws DrsFormatError
 * with the given member name for anything else: wrong magic or lengths, primes in a public blob, moduli under 2048 bits.
 */
export function decodeTransportKey(text: string, member = 'TransportKey'): TransportKey {
  const bytes = decodeBase64Member(member, text);
  const { modulus, exponent } = bytes[0] === 0x7b ? fromJwk(bytes, member) : fromBlob(bytes, member);
  const bits = modulus.length * 8;
  if (bits < SMALLEST_BITS || bits > LARGEST_BITS || exponent.length === 0 || (modulus[0] ?? 0) < 0x80) throw new DrsFormatError(member);
  return { text, modulus, exponent };
}

function fromBlob(bytes: Buffer, member: string): { modulus: Buffer; exponent: Buffer } {
  if (bytes.length < HEADER_BYTES || bytes.readUInt32LE(0) !== MAGIC) throw new DrsFormatError(member);
  const [bits = 0, exponentBytes = 0, modulusBytes = 0, prime1 = 0, prime2 = 0] = [4, 8, 12, 16, 20].map((at) => bytes.readUInt32LE(at));
  if (prime1 !== 0 || prime2 !== 0 || bits !== modulusBytes * 8) throw new DrsFormatError(member);
  if (bytes.length !== HEADER_BYTES + exponentBytes + modulusBytes) throw new DrsFormatError(member);
  const modulusAt = HEADER_BYTES + exponentBytes;
  return { exponent: bytes.subarray(HEADER_BYTES, modulusAt), modulus: bytes.subarray(modulusAt) };
}

/** `n` in either base64 alphabet: macOS and Android clients write the standard one [client: dirkjanm/ROADtools]. */
function fromJwk(bytes: Buffer, member: string): { modulus: Buffer; exponent: Buffer } {
  const jwk = Members.of(parse(bytes, member));
  if (jwk?.text('kty') !== 'RSA') throw new DrsFormatError(member);
  const number = (name: string): Buffer => Buffer.from(jwk.requiredText(name), 'base64');
  return { modulus: number('n'), exponent: number('e') };
}

function parse(bytes: Buffer, member: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new DrsFormatError(member, { cause: error });
  }
}

/** base64 of the CNG blob of a key: 380 characters for RSA-2048 with exponent 65537. Numbers are big endian. */
export function encodeTransportKey(modulus: Buffer, exponent: Buffer): string {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(MAGIC, 0);
  header.writeUInt32LE(modulus.length * 8, 4);
  header.writeUInt32LE(exponent.length, 8);
  header.writeUInt32LE(modulus.length, 12);
  return Buffer.concat([header, exponent, modulus]).toString('base64');
}
