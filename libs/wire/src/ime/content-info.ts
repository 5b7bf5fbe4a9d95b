import { ImeCodecError } from './error.js';
import { parseObject } from './gateway-session.js';

/** Answer to GetContentInfo: where the encrypted content is, and its key for the device's MDM certificate only. */
export interface ContentInfo {
  readonly uploadLocation: string;
  /** CMS EnvelopedData (DER) around {@link ContentKey} as JSON. */
  readonly encryptedKey: Buffer;
}

/** What the envelope holds. */
export interface ContentKey {
  /** AES-256. */
  readonly encryptionKey: Buffer;
  readonly iv: Buffer;
}

/** Bytes before the ciphertext of an app's content: HMAC-SHA-256 of the rest, then the IV. */
export const CONTENT_HEADER = 48;

export function encodeContentInfo({ uploadLocation, encryptedKey }: ContentInfo): string {
  return JSON.stringify({
    ContentInfo: JSON.stringify({ UploadLocation: uploadLocation }),
    DecryptInfo: `<EncryptedMessage><EncryptedContent>${encryptedKey.toString('base64')}</EncryptedContent></EncryptedMessage>`,
  });
}

export function decodeContentInfo(payload: string): ContentInfo {
  const { ContentInfo: info, DecryptInfo: decrypt } = parseObject(payload);
  if (typeof info !== 'string' || typeof decrypt !== 'string') throw new ImeCodecError('ContentInfo or DecryptInfo is missing');
  const { UploadLocation: uploadLocation } = parseObject(info);
  const start = decrypt.indexOf('<EncryptedContent>');
  const end = decrypt.indexOf('</EncryptedContent>');
  if (typeof uploadLocation !== 'string' || start < 0 || end < start)
    throw new ImeCodecError('UploadLocation or EncryptedContent is missing');
  return { uploadLocation, encryptedKey: Buffer.from(decrypt.slice(start + '<EncryptedContent>'.length, end), 'base64') };
}

export function encodeContentKey({ encryptionKey, iv }: ContentKey): Buffer {
  return Buffer.from(JSON.stringify({ EncryptionKey: encryptionKey.toString('base64'), IV: iv.toString('base64') }), 'utf8');
}

export function decodeContentKey(plain: Buffer): ContentKey {
  const { EncryptionKey: key, IV: iv } = parseObject(plain.toString('utf8'));
  if (typeof key !== 'string' || typeof iv !== 'string') throw new ImeCodecError('EncryptionKey or IV is missing');
  return { encryptionKey: Buffer.from(key, 'base64'), iv: Buffer.from(iv, 'base64') };
}
