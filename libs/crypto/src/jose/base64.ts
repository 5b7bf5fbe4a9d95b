import { JoseError } from './error.js';

const EITHER_ALPHABET = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** Decodes base64 or base64url, padded or not: one public client writes JWS parts in the standard alphabet (reference 02, 7.1). */
export function decodeBase64Either(text: string): Buffer {
  if (!EITHER_ALPHABET.test(text)) throw new JoseError('malformed', 'A part is not base64');
  return Buffer.from(text, 'base64');
}

export const jsonPart = (value: unknown): string => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');

/** Parses a JSON object; anything else is malformed. */
export function parseObject(bytes: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.fromEntries(Object.entries(value));
  } catch (error) {
    throw new JoseError('malformed', 'A part is not JSON', { cause: error });
  }
  throw new JoseError('malformed', 'A part is not a JSON object');
}
