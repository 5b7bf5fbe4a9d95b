import { Fault } from '@greenscreen/host/faults';
import { AikAuthority } from '@greenscreen/model/attestation';
import { decodeAuthorityHost } from '@greenscreen/wire/scep';
import { type EntityManager } from 'typeorm';

/** The authority that a host (lower case) names. A disabled one, and a name without one, throw Fault `attestation.authorityUnknown`. */
export async function authorityOfHost(em: EntityManager, host: string): Promise<AikAuthority> {
  const name = decodeAuthorityHost(host);
  const authority = name && (await em.findOneBy(AikAuthority, { vendor: name.vendor, keyId: name.keyId, enabled: true }));
  if (!authority) throw new Fault('attestation.authorityUnknown', { authority: host });
  return authority;
}
