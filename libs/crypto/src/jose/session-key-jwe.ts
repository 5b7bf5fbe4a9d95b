import { constants, createCipheriv, createDecipheriv, type KeyObject, publicEncrypt, randomBytes } from 'node:crypto';
import { decodeBase64Either, jsonPart, parseObject } from './base64.js';
import { JoseError } from './error.js';

const HEADER = { enc: 'A256GCM', alg: 'RSA-OAEP' };
/** The encrypted content is one space: what counts is the content key (reference 02, 7.3 [trace]). */
const CONTENT = Buffer.from([0x20]);

/**
 * `session_key_jwe` of a PRT response. The content key *is* the session key. Unlike RFC 7516 the tag covers no additional data, so no
 * JOSE library can write or read this (reference 02, 7.3 [trace]). `sessionKey` and `iv` are random unless given.
 */
export function encryptSessionKey(
  transportKey: KeyObject,
  sessionKey: Buffer = randomBytes(32),
  iv: Buffer = randomBytes(12),
): { sessionKey: Buffer; jwe: string } {
  const wrapped = publicEncrypt({ key: transportKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, sessionKey);
  const cipher = createCipheriv('aes-256-gcm', sessionKey, iv);
  const content = Buffer.concat([cipher.update(CONTENT), cipher.final()]);
  const parts = [wrapped, iv, content, cipher.getAuthTag()].map((part) => part.toString('base64url'));
  return { sessionKey, jwe: [jsonPart(HEADER), ...parts].join('.') };
}

/** The session key; `unwrap` undoes RSAES-OAEP with SHA-1 and may be a TPM. Throws JoseError when the form or the tag is wrong. */
export async function decryptSessionKey(jwe: string, unwrap: (wrapped: Buffer) => Promise<Buffer>): Promise<Buffer> {
  const parts = jwe.split('.');
  const [header, wrapped, iv, content, tag] = parts.map(decodeBase64Either);
  if (parts.length !== 5 || !header || !wrapped || !iv || !content || !tag)
    throw new JoseError('malformed', 'A compact JWE has five parts');
  const { alg, enc } = parseObject(header);
  if (alg !== HEADER.alg || enc !== HEADER.enc) throw new JoseError('algorithm', 'Not RSA-OAEP with A256GCM');
  const sessionKey = await unwrap(wrapped);
  try {
    const decipher = createDecipheriv('aes-256-gcm', sessionKey, iv);
    decipher.setAuthTag(tag);
    decipher.update(content);
    decipher.final();
  } catch (error) {
    throw new JoseError('decryption', 'The session key does not open its JWE', { cause: error });
  }
  return sessionKey;
}
