import { ScepError } from './error.js';

/** Consecutive unsigned 32-bit numbers, little endian: how Windows lays out its own headers. */
export function encodeWords(...words: number[]): Buffer {
  const bytes = Buffer.alloc(words.length * 4);
  words.forEach((word, index) => bytes.writeUInt32LE(word, index * 4));
  return bytes;
}

/** The first `count` words; refuses bytes that are too short with {@link ScepError}. */
export function decodeWords(bytes: Buffer, count: number): number[] {
  if (bytes.length < count * 4) throw new ScepError('truncated header');
  return Array.from({ length: count }, (_, index) => bytes.readUInt32LE(index * 4));
}
