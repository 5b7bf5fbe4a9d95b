import { certificateKeyId, type JwtSigningKey, signJwt } from '@greenscreen/crypto/jose';
import { type AuthorityStore } from '@greenscreen/host/authority';
import { stsSigning } from '@greenscreen/host/authority/definitions';

const keys = new WeakMap<object, JwtSigningKey>();

/** Signs claims with the token service's key, RS256. The key object is kept, since importing it costs more than a signature. */
export async function signClaims(authorities: AuthorityStore, claims: Readonly<Record<string, unknown>>): Promise<string> {
  const authority = await authorities.get(stsSigning);
  const kid = certificateKeyId(authority.certificate);
  const key = keys.get(authority) ?? { alg: 'RS256', kid, x5t: kid, privateKey: authority.privateKey };
  keys.set(authority, key);
  return signJwt(claims, key);
}
