import { type EntityManager, IsNull } from 'typeorm';
import { AikCertificate } from './aik-certificate.entity.js';
import { EkRevocation } from './ek-certificate.entity.js';

/** Revokes an EK: the vendor's CRL lists its certificates, and AIK certificates that rest on it fall with it. Again is no error. */
export async function revokeEk(em: EntityManager, ekHash: string, at: Date): Promise<void> {
  await em.createQueryBuilder().insert().into(EkRevocation).values({ ekHash, revokedAt: at }).orIgnore().execute();
  await revokeAik(em, ekHash, at);
}

/** Revokes the AIK certificates that were issued for an EK so far; a new one may be had. */
export async function revokeAik(em: EntityManager, ekHash: string, at: Date): Promise<void> {
  await em.update(AikCertificate, { ekHash, revokedAt: IsNull() }, { revokedAt: at });
}
