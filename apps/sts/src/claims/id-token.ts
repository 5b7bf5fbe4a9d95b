import { createHash } from 'node:crypto';
import { sidOfObjectId } from '@greenscreen/crypto/sid';
import { issuerOf } from '@greenscreen/host/identity';
import { type Random } from '@greenscreen/host/random';
import { STS } from '../hosts.js';
import { type UserAuthentication } from '../tokens/authentication.js';
import { clientAddress, opaqueClaims, pairwiseSubject, tokenTimes } from './common-claims.js';

export interface IdTokenInput {
  readonly authentication: UserAuthentication;
  /** `aud`. */
  readonly clientId: string;
  readonly version: 1 | 2;
  readonly nonce?: string | undefined;
  /** Authorization code that comes in the same answer: bound by `c_hash`. */
  readonly code?: string | undefined;
  /** Further claims, such as MDM discovery data. */
  readonly extra?: Readonly<Record<string, string>> | undefined;
  readonly now: Date;
  readonly random: Random;
}

/** Claims of an ID token (reference 02, 5.3). */
export function idTokenClaims({
  authentication,
  clientId,
  version,
  nonce,
  code,
  extra,
  now,
  random,
}: IdTokenInput): Record<string, unknown> {
  const { tenant, user, amr } = authentication;
  const { rh, uti } = opaqueClaims(random);
  return {
    aud: clientId,
    iss: version === 1 ? issuerOf(tenant.id) : `${STS}/${tenant.id}/v2.0`,
    ...tokenTimes(now),
    amr,
    ...(code === undefined ? {} : { c_hash: leftHalfHash(code) }),
    family_name: user.surname,
    given_name: user.givenName,
    ipaddr: clientAddress(),
    ...extra,
    name: user.displayName,
    ...(nonce === undefined ? {} : { nonce }),
    oid: user.id,
    preferred_username: user.upn,
    rh,
    sub: pairwiseSubject(user.id, clientId),
    tid: tenant.id,
    unique_name: user.upn,
    upn: user.upn,
    uti,
    ver: version === 1 ? '1.0' : '2.0',
  };
}

/** The ID token of a PRT answer. Windows refuses sign-in with 0xc0048442 when the user's SID is missing (reference 02, 7.2). */
export function prtIdTokenClaims(authentication: UserAuthentication, clientId: string, now: Date, random: Random): Record<string, unknown> {
  const { tenant, user } = authentication;
  const extra = {
    primary_sid: sidOfObjectId(user.id),
    pwd_url: 'https://portal.microsoftonline.com/ChangePassword.aspx',
    tenant_display_name: tenant.displayName,
  };
  return idTokenClaims({ authentication, clientId, version: 1, extra, now, random });
}

/** OpenID Connect Core 3.3.2.11: left half of the SHA-256, base64url. */
const leftHalfHash = (code: string): string => createHash('sha256').update(code, 'ascii').digest().subarray(0, 16).toString('base64url');
