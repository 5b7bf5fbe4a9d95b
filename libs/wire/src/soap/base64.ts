import { SoapError } from './error.js';

/**
 * Bytes of the base64 that clients put into tokens: standard or URL-safe, padded or not, with line breaks (reference 04, 2.2). Anything
 * else is refused.
 */
export function decodeLooseBase64(text: string): Buffer {
  const compact = text.replace(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) throw new SoapError('not base64');
  return Buffer.from(compact, 'base64');
}
