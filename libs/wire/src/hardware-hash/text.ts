import { HardwareHashError } from './error.js';

/** Bytes of a hardware hash: padded with zeros to this size, so that the text is 4,000 characters ("4K HH"; reference 01, 1.1). */
export const HASH_SIZE = 3000;

/** base64 with padding. */
export function encodeHashText(bytes: Buffer): string {
  return bytes.toString('base64');
}

/**
 * The bytes of a hash's text. Devices also send it without padding, and trailing `A`s come and go: they are zero bytes and carry nothing
 * (reference 01, 1.1). White space is ignored; any other foreign character is refused.
 */
export function decodeHashText(text: string): Buffer {
  const digits = text.replace(/\s+/g, '').replace(/=+$/, '');
  if (!/^[0-9A-Za-z+/]*$/.test(digits)) throw new HardwareHashError('base64', 'The hardware hash is not base64');
  return Buffer.from(digits, 'base64');
}
