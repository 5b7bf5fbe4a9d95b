import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const IV = 12;
const TAG = 16;
const keyOf = (token: string): Buffer => Buffer.from(hkdfSync('sha256', token, Buffer.alloc(0), 'greenscreen prt session key', 32));

/** Encrypts a PRT's session key under a key that only the PRT gives: the database, which knows its hash, cannot open it. */
export function sealSessionKey(sessionKey: Buffer, token: string): Buffer {
  const iv = randomBytes(IV);
  const cipher = createCipheriv('aes-256-gcm', keyOf(token), iv);
  const content = Buffer.concat([cipher.update(sessionKey), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), content]);
}

/** Inverse; throws when the token is another one. */
export function openSessionKey(sealed: Buffer, token: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', keyOf(token), sealed.subarray(0, IV));
  decipher.setAuthTag(sealed.subarray(IV, IV + TAG));
  return Buffer.concat([decipher.update(sealed.subarray(IV + TAG)), decipher.final()]);
}
