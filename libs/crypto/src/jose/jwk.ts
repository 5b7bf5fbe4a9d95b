import { createPublicKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { JoseError } from './error.js';

/** Public half of an RSA key as JWK members, in RFC 7517 spelling. */
export interface RsaJwk {
  readonly kty: 'RSA';
  readonly n: string;
  readonly e: string;
}

export function rsaJwk(key: KeyObject): RsaJwk {
  const { n, e } = key.export({ format: 'jwk' });
  if (!n || !e) throw new TypeError('not an RSA key');
  return { kty: 'RSA', n, e };
}

/** The RSA key of a JWK; further members are ignored. Throws JoseError `malformed`. */
export function rsaKeyOfJwk(value: unknown): KeyObject {
  if (typeof value !== 'object' || value === null) throw new JoseError('malformed', 'A JWK is an object');
  const { kty, n, e } = Object.fromEntries<unknown>(Object.entries(value));
  if (kty !== 'RSA' || typeof n !== 'string' || typeof e !== 'string') throw new JoseError('malformed', 'Not an RSA JWK');
  try {
    return createPublicKey({ key: { kty, n, e }, format: 'jwk' });
  } catch (error) {
    throw new JoseError('malformed', 'Not a usable RSA JWK', { cause: error });
  }
}

/** RFC 7638 thumbprint, SHA-256, base64url: the value of `cnf.jkt` (reference 06, D-A18). */
export const jwkThumbprint = (key: KeyObject): Promise<string> => calculateJwkThumbprint(rsaJwk(key), 'sha256');
