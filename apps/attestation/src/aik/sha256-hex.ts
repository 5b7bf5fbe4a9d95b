import { createHash } from 'node:crypto';

/** SHA-256, lower-case hex: how a row keeps what it only has to recognise. */
export const sha256Hex = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
