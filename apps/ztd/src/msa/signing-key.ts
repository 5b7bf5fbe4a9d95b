import { certificateKeyId, type JwtSigningKey } from '@greenscreen/crypto/jose';
import { type AuthorityStore } from '@greenscreen/host/authority';
import { msaTicket } from '@greenscreen/host/authority/definitions';

const keys = new WeakMap<object, JwtSigningKey>();

/** The key of device tickets. The object is kept, since importing it costs more than a signature. */
export async function ticketKey(authorities: AuthorityStore): Promise<JwtSigningKey> {
  const authority = await authorities.get(msaTicket);
  const key = keys.get(authority) ?? { alg: 'ES256', kid: certificateKeyId(authority.certificate), privateKey: authority.privateKey };
  keys.set(authority, key);
  return key;
}
