import { createHmac, timingSafeEqual } from 'node:crypto';
import { decodeBase64Either, jsonPart } from './base64.js';
import { type CompactJws } from './compact-jws.js';
import { JoseError } from './error.js';
import { deriveKeyV1, deriveKeyV2 } from './prt-kdf.js';

export interface SessionJwsInput {
  readonly sessionKey: Buffer;
  /** 16 to 64 random bytes. */
  readonly ctx: Buffer;
  readonly kdfVersion: 1 | 2;
  /** JSON text of the payload, as it will be sent. */
  readonly payload: string;
}

/** A JWS signed with a key derived from a PRT's session key: HS256, header `{"alg","typ","ctx"[,"kdf_ver"]}` (reference 02, 7.4). */
export function signSessionJws({ sessionKey, ctx, kdfVersion, payload }: SessionJwsInput): string {
  const bytes = Buffer.from(payload, 'utf8');
  const header = { alg: 'HS256', typ: 'JWT', ctx: ctx.toString('base64'), ...(kdfVersion === 2 ? { kdf_ver: 2 } : {}) };
  const signingInput = `${jsonPart(header)}.${bytes.toString('base64url')}`;
  const key = kdfVersion === 2 ? deriveKeyV2(sessionKey, ctx, bytes) : deriveKeyV1(sessionKey, ctx);
  return `${signingInput}.${createHmac('sha256', key).update(signingInput, 'ascii').digest('base64url')}`;
}

/** Whether the session key signed the JWS. `kdf_ver` may be a number or its text; throws JoseError `malformed` without a usable `ctx`. */
export function verifySessionJws(jws: CompactJws, sessionKey: Buffer): boolean {
  const { alg, ctx: encoded, kdf_ver: version } = jws.header;
  if (alg !== 'HS256') return false;
  if (typeof encoded !== 'string') throw new JoseError('malformed', 'The header has no ctx');
  const ctx = decodeBase64Either(encoded);
  if (ctx.length < 16 || ctx.length > 64) throw new JoseError('malformed', 'ctx has 16 to 64 bytes');
  const key = version === 2 || version === '2' ? deriveKeyV2(sessionKey, ctx, jws.payloadBytes) : deriveKeyV1(sessionKey, ctx);
  const expected = createHmac('sha256', key).update(jws.signingInput).digest();
  return expected.length === jws.signature.length && timingSafeEqual(expected, jws.signature);
}
