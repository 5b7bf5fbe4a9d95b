import { createHash, type KeyObject, verify } from 'node:crypto';
import { decodeBase64Either, jsonPart, parseObject } from './base64.js';
import { JoseError } from './error.js';

/** A compact JWS taken apart, not yet verified. */
export interface CompactJws {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
  /** The decoded payload exactly as sent: KDFv2 hashes it. */
  readonly payloadBytes: Buffer;
  /** The ASCII before the second dot, exactly as sent: what is signed. */
  readonly signingInput: Buffer;
  /** Empty for an unsigned token. */
  readonly signature: Buffer;
}

/**
 * Takes a compact JWS apart without judging it. Lenient about the alphabet and padding of each part, because device clients are
 * (reference 02, 7.1); strict about everything else. Throws JoseError `malformed`.
 */
export function decodeCompactJws(text: string): CompactJws {
  const parts = text.trim().split('.');
  const [header, payload, signature] = parts;
  if (parts.length !== 3 || !header || !payload || signature === undefined)
    throw new JoseError('malformed', 'A compact JWS has three parts');
  const payloadBytes = decodeBase64Either(payload);
  return {
    header: parseObject(decodeBase64Either(header)),
    payload: parseObject(payloadBytes),
    payloadBytes,
    signingInput: Buffer.from(`${header}.${payload}`, 'ascii'),
    signature: decodeBase64Either(signature),
  };
}

/** Whether an RSA key signed the JWS with RS256. The header must say so too: the key alone never chooses the algorithm. */
export function verifyRs256(jws: CompactJws, key: KeyObject): boolean {
  if (jws.header.alg !== 'RS256' || key.asymmetricKeyType !== 'rsa') return false;
  return verify('sha256', jws.signingInput, key, jws.signature);
}

/** Signs a SHA-256 digest with RSASSA-PKCS1-v1_5; asynchronous, since the key may live in a TPM. */
export type DigestSigner = (sha256: Buffer) => Promise<Buffer>;

/** A compact RS256 JWS whose key may live in a TPM. Header members keep their order; `alg` must be among them. */
export async function signCompactJws(
  header: Readonly<Record<string, unknown>>,
  payload: Readonly<Record<string, unknown>>,
  signDigest: DigestSigner,
): Promise<string> {
  const signingInput = `${jsonPart(header)}.${jsonPart(payload)}`;
  const signature = await signDigest(createHash('sha256').update(signingInput, 'ascii').digest());
  return `${signingInput}.${signature.toString('base64url')}`;
}

/** An unsigned JWT: `alg` none and an empty third part, as PRT responses carry it (reference 02, 7.2). */
export const encodeUnsignedJwt = (claims: Readonly<Record<string, unknown>>): string =>
  `${jsonPart({ typ: 'JWT', alg: 'none' })}.${jsonPart(claims)}.`;
