import { Fault } from '@greenscreen/host/faults';
import { type Random } from '@greenscreen/host/random';
import { RefreshToken } from '@greenscreen/model/sts';
import { switchOf, type Tenant } from '@greenscreen/model/tenancy';
import { type EntityManager, IsNull } from 'typeorm';
import { type UserAuthentication } from './authentication.js';
import { secretHash } from './secret-hash.js';
import { sealSessionKey } from './session-key.seal.js';

const DAY_MS = 86_400_000;
/** Refresh tokens stay valid for 90 days; PRTs for 14 and are renewed (reference 02, 4.4 and 7.2 [doc]). */
const REFRESH_DAYS = 90;
/** Seconds: one less than 14 days, as traced. */
export const PRT_LIFETIME = 1_209_599;

export interface RefreshTokenInput {
  readonly authentication: UserAuthentication;
  readonly clientId: string;
  readonly now: Date;
  readonly random: Random;
  /** What the answer is for, as a v2 scope. */
  readonly scope?: string | undefined;
  /** Instead of the usual lifetime. */
  readonly expiresAt?: Date | undefined;
  /** Makes it a PRT. */
  readonly primary?: { readonly sessionKey: Buffer; readonly certificateThumbprint: string } | undefined;
}

/** Issues an opaque refresh token or PRT. Older ones stay valid. */
export async function issueRefreshToken(em: EntityManager, input: RefreshTokenInput): Promise<string> {
  const { authentication, clientId, now, random, primary } = input;
  const token = `0.A${random.token(96)}`;
  await em.insert(RefreshToken, {
    hash: secretHash(token),
    kind: primary ? 'primary' : 'refresh',
    tenantId: authentication.tenant.id,
    userId: authentication.user.id,
    clientId,
    deviceObjectId: authentication.device?.objectId ?? null,
    certificateThumbprint: primary?.certificateThumbprint ?? null,
    sealedSessionKey: primary ? sealSessionKey(primary.sessionKey, token) : null,
    scope: input.scope ?? null,
    amr: [...authentication.amr],
    authenticatedAt: authentication.authenticatedAt,
    issuedAt: now,
    expiresAt: input.expiresAt ?? new Date(now.getTime() + (primary ? PRT_LIFETIME * 1000 : REFRESH_DAYS * DAY_MS)),
    revokedAt: null,
  });
  return token;
}

/** The row of a token; AADSTS70000 for one that was not issued here. */
export async function findRefreshToken(em: EntityManager, token: string, kind: RefreshToken['kind']): Promise<RefreshToken> {
  const row = await em.findOneBy(RefreshToken, { hash: secretHash(token) });
  if (row?.kind !== kind) throw new Fault('sts.70000');
  return row;
}

/**
 * Where the tenant's switch `sts.singleUseRefreshToken` says so, a refresh token is used up with the tokens that it gives, in their transaction: of
 * several who bring it at once all but one get AADSTS50173. The real service leaves it valid (reference 02, 4.4).
 */
export async function useUp(em: EntityManager, tenant: Pick<Tenant, 'switches'>, row: RefreshToken, now: Date): Promise<void> {
  if (!switchOf(tenant, 'sts.singleUseRefreshToken', false)) return;
  const { affected } = await em.update(RefreshToken, { hash: row.hash, revokedAt: IsNull() }, { revokedAt: now });
  if (affected !== 1) throw new Fault('sts.50173');
}

/** Refuses a revoked (50173) or expired (700082 for a refresh token, 70008 for a PRT) token. */
export function requireUsable(row: RefreshToken, now: Date): void {
  if (row.revokedAt !== null) throw new Fault('sts.50173');
  if (now >= row.expiresAt) throw new Fault(row.kind === 'primary' ? 'sts.70008' : 'sts.700082');
}
