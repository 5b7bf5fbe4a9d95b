import { createHash } from 'node:crypto';
import { type Certificate, decodeCertificate } from '@greenscreen/crypto/x509';
import { AikCertificate } from '@greenscreen/model/attestation';
import { AuthorityRecord } from '@greenscreen/model/installation';
import { type DataSource, Like } from 'typeorm';
import { type AuthorityStore } from '../authority/authority-store.js';
import { AIK_ISSUING_PREFIX, tpmRoot } from '../authority/definitions/aik.js';
import { type AikRecord, type AikSource } from './aik.js';

/** SHA-256 of a DER, lower-case hex: how certificates are found in the model. */
export const certificateFingerprint = (der: Buffer): string => createHash('sha256').update(der).digest('hex');

/** AIK certificates as the AIK service has recorded them, whichever process it runs in (reference 06, D-A6). */
export class ModelAikSource implements AikSource {
  /** Issuing authorities by name: they never change. */
  private readonly known = new Map<string, Certificate>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly authorities: AuthorityStore,
  ) {}

  async issuers(): Promise<{ roots: Certificate[]; intermediates: Certificate[] }> {
    const [root, records] = await Promise.all([
      this.authorities.get(tpmRoot),
      this.dataSource.manager.find(AuthorityRecord, {
        select: { name: true, certificate: true },
        where: { name: Like(`${AIK_ISSUING_PREFIX}%`) },
      }),
    ]);
    return {
      roots: [this.decode(tpmRoot.name, root.certificate)],
      intermediates: records.map((record) => this.decode(record.name, record.certificate)),
    };
  }

  async find(certificate: Buffer): Promise<AikRecord | null> {
    const row = await this.dataSource.manager.findOneBy(AikCertificate, { fingerprint: certificateFingerprint(certificate) });
    return row && { ekHash: row.ekHash, revokedAt: row.revokedAt };
  }

  private decode(name: string, der: Buffer): Certificate {
    const known = this.known.get(name);
    if (known) return known;
    const certificate = decodeCertificate(der);
    this.known.set(name, certificate);
    return certificate;
  }
}
