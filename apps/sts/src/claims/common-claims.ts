import { createHash } from 'node:crypto';
import { findExchange } from '@greenscreen/host/exchange';
import { type Random } from '@greenscreen/host/random';
import { seconds } from '../sts-services.js';

/** Access tokens are dated back by five minutes and live for an hour (reference 02, 4.4 [trace]). */
export const BACKDATED = 300;
export const LIFETIME = 3600;

/** `iat`, `nbf`, `exp`. */
export function tokenTimes(now: Date): { iat: number; nbf: number; exp: number } {
  const at = seconds(now);
  return { iat: at - BACKDATED, nbf: at - BACKDATED, exp: at + LIFETIME };
}

/** Address of the client as tokens and logs show it. */
export const clientAddress = (): string => (findExchange()?.remoteAddress ?? '').replace(/^::ffff:/, '');

/** Opaque members that real tokens carry and nobody reads. */
export const opaqueClaims = (random: Random): { aio: string; rh: string; uti: string } => ({
  aio: `E2${random.token(33)}`,
  rh: `0.A${random.token(24)}.`,
  uti: random.token(16),
});

/** Pairwise subject: stable for a user and a client, different between clients. */
export const pairwiseSubject = (userId: string, clientId: string): string =>
  createHash('sha256').update(`${userId}|${clientId}`).digest('base64url');

/** Template ids of directory roles (reference 02, 10.6 [doc]). */
export const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10';
