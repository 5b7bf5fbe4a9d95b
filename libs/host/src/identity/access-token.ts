import { certificateKeyId, JoseError, verifyJwt } from '@greenscreen/crypto/jose';
import { type AccessTokenClaims, ClaimsError, decodeAccessTokenClaims, normalResource } from '@greenscreen/wire/oauth';
import { type AuthorityStore } from '../authority/authority-store.js';
import { stsNextSigning, stsSigning } from '../authority/definitions/tokens.js';
import { type KeyObject } from 'node:crypto';

export type AccessTokenProblem = 'malformed' | 'algorithm' | 'signature' | 'audience' | 'issuer' | 'tenant' | 'expired' | 'not_yet_valid';

/** An access token is refused, and why. Which fault that becomes is the service's business. */
export class AccessTokenError extends Error {
  constructor(
    readonly problem: AccessTokenProblem,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'AccessTokenError';
  }
}

export interface AccessTokenExpectation {
  readonly authorities: AuthorityStore;
  /** Accepted `aud` values; compared without regard to case and to one trailing slash. */
  readonly audiences: readonly string[];
  /** The time, or where to ask for the time of the token's tenant (reference 06, D-A73): `(tenantId) => clock.now(tenantId)`. */
  readonly now: Date | ((tenantId: string) => Promise<Date>);
  /** Refuses tokens of other tenants. */
  readonly tenantId?: string;
  /** Seconds that a token may be too early or too late; 0 unless given. */
  readonly tolerance?: number;
}

/** Issuer of every access token: version 1.0, from both endpoints (reference 06, D-B2). */
export const issuerOf = (tenantId: string): string => `https://sts.windows.net/${tenantId}/`;

/**
 * Verifies an access token of this installation's token service (compact JWT, without `Bearer`). RS256 only; `none` is refused like any
 * other algorithm. Throws {@link AccessTokenError} with the first problem in the order of {@link AccessTokenProblem}.
 */
export async function verifyAccessToken(token: string, expected: AccessTokenExpectation): Promise<AccessTokenClaims> {
  const claims = claimsOf(await verifiedClaims(token, expected.authorities));
  const audience = normalResource(claims.aud);
  if (!expected.audiences.some((accepted) => normalResource(accepted) === audience))
    throw new AccessTokenError('audience', `The token is for ${claims.aud}`);
  if (claims.iss !== issuerOf(claims.tid)) throw new AccessTokenError('issuer', `The token is from ${claims.iss}`);
  if (expected.tenantId !== undefined && expected.tenantId.toLowerCase() !== claims.tid)
    throw new AccessTokenError('tenant', `The token is of tenant ${claims.tid}`);
  const now = expected.now instanceof Date ? expected.now : await expected.now(claims.tid);
  const seconds = now.getTime() / 1000;
  const tolerance = expected.tolerance ?? 0;
  if (seconds - tolerance >= claims.exp) throw new AccessTokenError('expired', 'The token has expired');
  if (seconds + tolerance < claims.nbf) throw new AccessTokenError('not_yet_valid', 'The token is not valid yet');
  return claims;
}

async function verifiedClaims(token: string, authorities: AuthorityStore): Promise<Record<string, unknown>> {
  const keyOf = async (kid: string | undefined): Promise<KeyObject | undefined> => {
    for (const definition of [stsSigning, stsNextSigning]) {
      const { certificate, publicKey } = await authorities.get(definition);
      if (kid === certificateKeyId(certificate)) return publicKey;
    }
    return undefined;
  };
  try {
    return await verifyJwt(token, { keyOf, algorithms: ['RS256'] });
  } catch (error) {
    if (!(error instanceof JoseError)) throw error;
    throw new AccessTokenError(problems[error.problem], error.message, { cause: error });
  }
}

const problems: Record<JoseError['problem'], AccessTokenProblem> = {
  malformed: 'malformed',
  algorithm: 'algorithm',
  signature: 'signature',
  unknown_key: 'signature',
  decryption: 'malformed',
};

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function claimsOf(verified: Record<string, unknown>): AccessTokenClaims {
  try {
    const claims = decodeAccessTokenClaims(verified);
    if (!GUID.test(claims.tid)) throw new ClaimsError('tid');
    return claims;
  } catch (error) {
    if (!(error instanceof ClaimsError)) throw error;
    throw new AccessTokenError('malformed', error.message, { cause: error });
  }
}
