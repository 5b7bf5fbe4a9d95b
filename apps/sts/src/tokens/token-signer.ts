import { certificateKeyId, type JwtSigningKey, signJwt } from '@greenscreen/crypto/jose';
import { type AuthorityStore } from '@greenscreen/host/authority';
import { issuerOf } from '@greenscreen/host/identity';
import { injectedDefect } from '@greenscreen/host/injection';
import { type Tenant } from '@greenscreen/model/tenancy';
import { signingAuthority } from './signing-keys.js';

import { BACKDATED } from '../claims/common-claims.js';

const keys = new WeakMap<object, JwtSigningKey>();

/** Signs claims with the key that the tenant's tokens are signed with now, RS256. The key object is kept, since importing it costs more than a signature. */
export async function signClaims(
  authorities: AuthorityStore,
  tenant: Pick<Tenant, 'switches'>,
  claims: Readonly<Record<string, unknown>>,
): Promise<string> {
  const authority = await authorities.get(signingAuthority(tenant));
  const kid = certificateKeyId(authority.certificate);
  const key = keys.get(authority) ?? { alg: 'RS256', kid, x5t: kid, privateKey: authority.privateKey };
  keys.set(authority, key);
  return signJwt(defective(claims), key);
}

/** The claims with what an injected fault wants wrong in them (reference 05, C.4 `action.token`); times in seconds from `iat` + 300, now. */
function defective(claims: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const defect = injectedDefect('token');
  if (!defect) return claims;
  const { aud = claims.aud, exp, nbf, tid, drop = [] } = defect;
  const at = Number(claims.iat) + BACKDATED;
  const changed = {
    ...claims,
    aud,
    ...(exp === undefined ? {} : { exp: at + exp }),
    ...(nbf === undefined ? {} : { nbf: at + nbf }),
    ...(tid === undefined ? {} : { tid, iss: issuerOf(tid) }),
  };
  return Object.fromEntries(Object.entries(changed).filter(([name]) => !drop.includes(name)));
}
