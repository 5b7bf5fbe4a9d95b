import { createHash, type KeyObject } from 'node:crypto';
import { CompactSign, compactVerify, decodeProtectedHeader, errors } from 'jose';
import { parseObject } from './base64.js';
import { JoseError } from './error.js';

export type JwtAlgorithm = 'RS256' | 'PS256' | 'ES256';

/** How a JWT names the key that signed it. */
export interface JwtKeyName {
  readonly kid: string | undefined;
  /** base64url of the SHA-1 or of the SHA-256 of the key's certificate. */
  readonly x5t: string | undefined;
  readonly x5tS256: string | undefined;
}

/** A key that signs JWTs. Hold on to the object: the library keeps its imported form by the KeyObject. */
export interface JwtSigningKey {
  readonly alg: JwtAlgorithm;
  readonly kid: string;
  /** Written beside `kid` where receivers look for it. */
  readonly x5t?: string;
  readonly privateKey: KeyObject;
}

/** `kid` and `x5t` of a token-signing certificate: base64url of the SHA-1 of its DER (reference 02, 2.3). */
export const certificateKeyId = (der: Buffer): string => createHash('sha1').update(der).digest('base64url');

/** A signed JWT with header `{"typ":"JWT","alg":…,"x5t":…,"kid":…}` (reference 02, 2.3 [trace]). */
export function signJwt(claims: Readonly<Record<string, unknown>>, { alg, kid, x5t, privateKey }: JwtSigningKey): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(claims), 'utf8'))
    .setProtectedHeader({ typ: 'JWT', alg, ...(x5t === undefined ? {} : { x5t }), kid })
    .sign(privateKey);
}

export interface JwtVerification {
  /** The key for a `kid`, or for what else names it; undefined refuses the token. */
  readonly keyOf: (kid: string | undefined, name: JwtKeyName) => KeyObject | undefined | Promise<KeyObject | undefined>;
  /** What is accepted; never includes `none`. */
  readonly algorithms: readonly JwtAlgorithm[];
}

/** Verifies form, algorithm and signature of a JWT and returns its claims. Times and audiences are the caller's business. Throws JoseError. */
export async function verifyJwt(token: string, { keyOf, algorithms }: JwtVerification): Promise<Record<string, unknown>> {
  const { alg, kid, x5t, 'x5t#S256': x5tS256 } = headerOf(token);
  if (!algorithms.some((allowed) => allowed === alg)) throw new JoseError('algorithm', `Algorithm ${String(alg)} is not accepted`);
  const key = await keyOf(kid, { kid, x5t, x5tS256: typeof x5tS256 === 'string' ? x5tS256 : undefined });
  if (!key) throw new JoseError('unknown_key', 'No key has that kid');
  try {
    const { payload } = await compactVerify(token, key, { algorithms: [...algorithms] });
    return parseObject(Buffer.from(payload));
  } catch (error) {
    if (error instanceof JoseError) throw error;
    if (error instanceof errors.JWSSignatureVerificationFailed)
      throw new JoseError('signature', 'The signature is wrong', { cause: error });
    throw new JoseError('malformed', 'Not a usable JWT', { cause: error });
  }
}

function headerOf(token: string): ReturnType<typeof decodeProtectedHeader> {
  try {
    return decodeProtectedHeader(token);
  } catch (error) {
    throw new JoseError('malformed', 'Not a JWT', { cause: error });
  }
}
