import { createHash } from 'node:crypto';

/** What is kept of a code, nonce or token: SHA-256, lower-case hex. They are random, so no salt is needed. */
export const secretHash = (secret: string): string => createHash('sha256').update(secret, 'utf8').digest('hex');
