import { createHash, type KeyObject } from 'node:crypto';
import { EkServiceError } from './error.js';

/** What lookup keys are made of: big endian, padded to the key's or field's size. */
export type PublicNumbers = { readonly kind: 'rsa'; readonly modulus: Buffer } | { readonly kind: 'ecc'; readonly point: Buffer };

/** Numbers of an EK. The exponent is always 65537: other keys have no lookup key (reference 03, 1.3). Throws {@link EkServiceError}. */
export function publicNumbers(key: KeyObject): PublicNumbers {
  const { kty, n, e, x, y } = key.export({ format: 'jwk' });
  if (kty === 'RSA' && n !== undefined && e === 'AQAB') return { kind: 'rsa', modulus: Buffer.from(n, 'base64url') };
  if (kty === 'EC' && x !== undefined && y !== undefined)
    return { kind: 'ecc', point: Buffer.concat([Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]) };
  throw new EkServiceError('no EK of a kind that vendors know');
}

export const sha256 = (...parts: Buffer[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
