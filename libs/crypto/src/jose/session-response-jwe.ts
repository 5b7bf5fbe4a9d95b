import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { decodeBase64Either, jsonPart, parseObject } from './base64.js';
import { JoseError } from './error.js';
import { deriveKeyV1 } from './prt-kdf.js';

const IV_LENGTH = 16;

/**
 * The answer to a request signed with a session key: `dir`, labelled A256GCM, but traced as AES-256-CBC with PKCS#7 padding, an empty
 * second and fifth part, and KDFv1 whatever the request used (reference 02, 7.5 [trace]). `ctx` and `iv` are random unless given.
 */
export function encryptSessionResponse(
  sessionKey: Buffer,
  plaintext: string,
  ctx: Buffer = randomBytes(24),
  iv: Buffer = randomBytes(IV_LENGTH),
): string {
  const cipher = createCipheriv('aes-256-cbc', deriveKeyV1(sessionKey, ctx), iv);
  const content = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  const header = jsonPart({ alg: 'dir', enc: 'A256GCM', ctx: ctx.toString('base64') });
  return `${header}..${iv.toString('base64url')}.${content.toString('base64url')}.`;
}

/** Plaintext of {@link encryptSessionResponse}. Throws JoseError when the form is wrong or the key does not fit. */
export function decryptSessionResponse(sessionKey: Buffer, jwe: string): string {
  const parts = jwe.trim().split('.');
  const [header, , iv, content] = parts.map(decodeBase64Either);
  if (parts.length !== 5 || !header || !iv || !content) throw new JoseError('malformed', 'A compact JWE has five parts');
  const { alg, ctx } = parseObject(header);
  if (alg !== 'dir' || typeof ctx !== 'string' || iv.length !== IV_LENGTH)
    throw new JoseError('algorithm', 'Not an answer under a session key');
  try {
    const decipher = createDecipheriv('aes-256-cbc', deriveKeyV1(sessionKey, decodeBase64Either(ctx)), iv);
    return Buffer.concat([decipher.update(content), decipher.final()]).toString('utf8');
  } catch (error) {
    throw new JoseError('decryption', 'The session key does not open the answer', { cause: error });
  }
}
