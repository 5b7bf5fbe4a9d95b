import { Fault } from '@greenscreen/host/faults';
import { EkCertificate } from '@greenscreen/model/attestation';
import { type EntityManager } from 'typeorm';

/** How a vendor's service finds a certificate. */
export type EkLookup = Partial<Pick<EkCertificate, 'intelHash' | 'amdId' | 'ekHash'>> & Pick<Partial<EkCertificate>, 'vendor'>;

/** The latest published certificate of an EK; throws Fault `ek.notFound` when there is none. */
export async function findEkCertificate(em: EntityManager, lookup: EkLookup): Promise<EkCertificate> {
  const found = await em.findOne(EkCertificate, { where: { ...lookup, published: true }, order: { issuedAt: 'DESC' } });
  if (!found) throw new Fault('ek.notFound');
  return found;
}
