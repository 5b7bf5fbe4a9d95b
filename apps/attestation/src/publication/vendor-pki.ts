import { Injectable } from '@nestjs/common';
import { type CrlTemplate, decodeCertificate, issueCrl } from '@greenscreen/crypto/x509';
import { type Authority, AuthorityStore } from '@greenscreen/host/authority';
import { type EkAuthorityRole, ekVendor, odcaAuthority, odcaCrlUrl } from '@greenscreen/host/authority/definitions';
import { Clock } from '@greenscreen/host/clock';
import { Fault } from '@greenscreen/host/faults';
import { EkCertificate, EkRevocation } from '@greenscreen/model/attestation';
import { DataSource } from 'typeorm';

const HOUR_MS = 3_600_000;
const CRL_HOURS = 24;

/** What TPM vendors publish: authorities and lists of revoked EK certificates. */
@Injectable()
export class VendorPki {
  constructor(
    private readonly dataSource: DataSource,
    private readonly authorities: AuthorityStore,
    private readonly clock: Clock,
  ) {}

  /** A vendor's authority; throws Fault `ek.notFound` for a vendor that the lab does not play. */
  async authority(label: string, role: EkAuthorityRole): Promise<Authority> {
    const vendor = ekVendor(label);
    if (!vendor) throw new Fault('ek.notFound');
    return this.authorities.get(vendor[role]);
  }

  /** The vendor's authority whose certificate has this serial number, hex in any case. */
  async authorityBySerial(label: string, serial: string): Promise<Authority | undefined> {
    const both = await Promise.all([this.authority(label, 'root'), this.authority(label, 'issuing')]);
    return both.find(({ x509 }) => x509.serialNumber.toLowerCase() === serial.toLowerCase());
  }

  /** The CRL of an authority: every certificate that it issued for a revoked EK. */
  async crl(label: string, role: EkAuthorityRole): Promise<Buffer> {
    const authority = await this.authority(label, role);
    return issueCrl({ issuer: authority, ...(await this.edition()), revoked: await this.revoked(authority.name) });
  }

  /** Intel's list for what chips certify, signed by another authority than theirs (reference 03, 1.6). */
  async onDieCrl(): Promise<Buffer> {
    const [issuer, ptt] = await Promise.all([this.authorities.get(odcaAuthority('csme')), this.authorities.get(odcaAuthority('ptt'))]);
    const { subject } = decodeCertificate(ptt.certificate);
    const revoked = await this.revoked(ptt.name);
    return issueCrl({
      issuer,
      ...(await this.edition()),
      indirect: odcaCrlUrl,
      revoked: revoked.map((entry) => ({ ...entry, issuer: subject.raw })),
    });
  }

  /** Lists of an hour are one edition, whichever replica writes them. */
  private async edition(): Promise<Pick<CrlTemplate, 'thisUpdate' | 'nextUpdate' | 'number'>> {
    const now = await this.clock.now();
    const number = Math.floor(now.getTime() / HOUR_MS);
    return { thisUpdate: new Date(number * HOUR_MS), nextUpdate: new Date((number + CRL_HOURS) * HOUR_MS), number };
  }

  private async revoked(issuer: string): Promise<{ serial: Buffer; at: Date }[]> {
    const rows = await this.dataSource.manager
      .createQueryBuilder(EkCertificate, 'ek')
      .innerJoin(EkRevocation, 'revocation', 'revocation.ekHash = ek.ekHash')
      .select(['ek.serial AS serial', 'revocation.revokedAt AS at'])
      .where({ issuer })
      .orderBy('ek.serial')
      .getRawMany<{ serial: string; at: Date }>();
    return rows.map(({ serial, at }) => ({ serial: Buffer.from(serial, 'hex'), at }));
  }
}
