import { AikCertificate, AikRequest, EkCertificate, EkRevocation } from '@greenscreen/model/attestation';
import { type EntityManager } from 'typeorm';

/** What the attestation services know of a TPM: its latest EK certificate, its AIK certificate, and how its requests ended. */
export async function attestationView(em: EntityManager, ekHash: string): Promise<Record<string, unknown>> {
  const [ek, revocation, aik, requests] = await Promise.all([
    em.findOne(EkCertificate, { where: { ekHash }, order: { issuedAt: 'DESC' } }),
    em.findOneBy(EkRevocation, { ekHash }),
    em.findOne(AikCertificate, { where: { ekHash }, order: { issuedAt: 'DESC' } }),
    em.find(AikRequest, { where: { ekHash }, order: { createdAt: 'ASC' } }),
  ]);
  return {
    ekHash,
    ekRevokedAt: revocation?.revokedAt ?? null,
    ekCertificate: ek && { vendor: ek.vendor, serial: ek.serial, published: ek.published },
    aikCertificate: aik && {
      serial: aik.serial,
      notBefore: aik.notBefore,
      notAfter: aik.notAfter,
      issuedAt: aik.issuedAt,
      revokedAt: aik.revokedAt,
    },
    aikRequests: requests.map(({ id, state, createdAt, answeredAt, clientInfo }) => ({ id, state, createdAt, answeredAt, clientInfo })),
  };
}
