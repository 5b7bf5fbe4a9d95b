import { createHash, type KeyObject } from 'node:crypto';
import { HardwareHashError } from './error.js';

/** Sizes of the public numbers, by kind of key: an RSA modulus, or x and y padded to the size of the field (reference 06, D-A2). */
const kinds = { 256: 'rsa2048', 384: 'rsa3072', 64: 'ecc256', 96: 'ecc384' } as const;
export type EndorsementKeyKind = (typeof kinds)[keyof typeof kinds];

/** The kind of key that public numbers of this size belong to. */
export function endorsementKeyKind(numbers: Buffer): EndorsementKeyKind | undefined {
  const table: Readonly<Record<number, EndorsementKeyKind>> = kinds;
  return table[numbers.length];
}

/**
 * The public numbers of an EK as record 25 holds them: an RSA modulus, big endian, without sign byte, left-padded to the key's size; x and y
 * of a point (reference 01, 1.4; 06, D-A1, D-A2). Throws {@link HardwareHashError} `ek` for other keys.
 */
export function ekPublicNumbers(key: KeyObject): Buffer {
  const jwk = key.export({ format: 'jwk' });
  if (jwk.kty === 'RSA' && typeof jwk.n === 'string') {
    const modulus = Buffer.from(jwk.n, 'base64url');
    const size = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
    return Buffer.concat([Buffer.alloc(Math.max(0, size - modulus.length)), modulus]);
  }
  if (jwk.kty === 'EC' && typeof jwk.x === 'string' && typeof jwk.y === 'string')
    return Buffer.concat([Buffer.from(jwk.x, 'base64url'), Buffer.from(jwk.y, 'base64url')]);
  throw new HardwareHashError('ek', 'The endorsement key is neither RSA nor ECC');
}

/** `ek_hash` of an EK: SHA-256 of its public numbers, lower-case hex. One value everywhere: registration, ticket, AIK record (06, D-A1). */
export const ekHashOfNumbers = (numbers: Buffer): string => createHash('sha256').update(numbers).digest('hex');

/** {@link ekHashOfNumbers} of a public key. */
export const ekHashOf = (key: KeyObject): string => ekHashOfNumbers(ekPublicNumbers(key));
