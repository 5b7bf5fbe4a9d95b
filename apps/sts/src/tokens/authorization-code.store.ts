import { createHash, timingSafeEqual } from 'node:crypto';
import { Fault } from '@greenscreen/host/faults';
import { type Random } from '@greenscreen/host/random';
import { AuthorizationCode } from '@greenscreen/model/sts';
import { type EntityManager } from 'typeorm';
import { type UserAuthentication } from './authentication.js';
import { secretHash } from './secret-hash.js';

/** Ten minutes (reference 02, 4.4 [doc]). */
const LIFETIME_MS = 10 * 60_000;

export interface CodeRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly resource: string | null;
  readonly scope: string | null;
  readonly nonce: string | null;
  readonly codeChallenge: string | null;
  readonly codeChallengeMethod: 'plain' | 'S256' | null;
}

/** Issues an authorization code for a user who has just been authenticated. */
export async function issueCode(
  em: EntityManager,
  request: CodeRequest,
  { tenant, user, amr, authenticatedAt, device }: UserAuthentication,
  now: Date,
  random: Random,
): Promise<string> {
  const code = `0.A${random.token(80)}`;
  await em.insert(AuthorizationCode, {
    hash: secretHash(code),
    ...request,
    tenantId: tenant.id,
    userId: user.id,
    deviceObjectId: device?.objectId ?? null,
    amr: [...amr],
    authenticatedAt,
    issuedAt: now,
    expiresAt: new Date(now.getTime() + LIFETIME_MS),
    redeemedAt: null,
  });
  return code;
}

export async function findCode(em: EntityManager, code: string): Promise<AuthorizationCode> {
  const row = await em.findOneBy(AuthorizationCode, { hash: secretHash(code) });
  if (!row) throw new Fault('sts.70000');
  return row;
}

/** Marks a code as used; the second who tries gets AADSTS54005, however close behind. */
export async function redeemCode(em: EntityManager, { hash }: AuthorizationCode, now: Date): Promise<void> {
  const taken = await em
    .createQueryBuilder()
    .update(AuthorizationCode)
    .set({ redeemedAt: now })
    .where('hash = :hash AND redeemed_at IS NULL', { hash })
    .execute();
  if (taken.affected !== 1) throw new Fault('sts.54005');
}

/** RFC 7636: a code that was asked for with a challenge needs its verifier, one without needs none. */
export function requireVerifier({ codeChallenge, codeChallengeMethod }: AuthorizationCode, verifier: string | undefined): void {
  if (codeChallenge === null) return;
  if (verifier === undefined) throw new Fault('sts.501481');
  const given = codeChallengeMethod === 'S256' ? createHash('sha256').update(verifier, 'ascii').digest('base64url') : verifier;
  const [a, b] = [Buffer.from(given), Buffer.from(codeChallenge)];
  if (a.length !== b.length || !timingSafeEqual(a, b)) throw new Fault('sts.501481');
}
