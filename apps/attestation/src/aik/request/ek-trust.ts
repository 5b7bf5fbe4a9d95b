import { type Certificate, decodeCertificate } from '@greenscreen/crypto/x509';
import { ekAuthorityPatterns } from '@greenscreen/host/authority/definitions';
import { EkAuthority } from '@greenscreen/model/attestation';
import { AuthorityRecord } from '@greenscreen/model/installation';
import { type EntityManager, Like } from 'typeorm';

/** Authorities that EK certificates may come from. */
export interface EkTrust {
  readonly roots: readonly Certificate[];
  /** Known ones between root and certificate: what the real service finds by AIA. */
  readonly intermediates: readonly Certificate[];
}

/** The vendors that the lab plays, and foreign authorities that it was told to trust. */
export async function ekTrust(em: EntityManager): Promise<EkTrust> {
  const played = (pattern: string) =>
    em.find(AuthorityRecord, { select: { name: true, certificate: true }, where: { name: Like(pattern) } });
  const [roots, issuing, foreign] = await Promise.all([
    played(ekAuthorityPatterns.root),
    played(ekAuthorityPatterns.issuing),
    em.find(EkAuthority),
  ]);
  const imported = (trusted: boolean): Buffer[] => foreign.filter((row) => row.trusted === trusted).map(({ der }) => der);
  return {
    roots: [...roots.map(({ certificate }) => certificate), ...imported(true)].map((der) => decodeCertificate(der)),
    intermediates: [...issuing.map(({ certificate }) => certificate), ...imported(false)].map((der) => decodeCertificate(der)),
  };
}
