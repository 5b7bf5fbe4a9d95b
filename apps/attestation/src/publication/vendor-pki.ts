import { Injectable } from '@nestjs/common';
import { issueCrl } from '@greenscreen/crypto/x509';
import { type Authority, AuthorityStore } from '@greenscreen/host/authority';
import { type EkAuthorityRole, ekVendor } from '@greenscreen/host/authority/definitions';
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

  /** The authority's CRL of this hour, DER: every certificate that it issued for a revoked EK. */
  async crl(label: string, role: EkAuthorityRole): Promise<Buffer> {
    const [authority, now] = await Promise.all([this.authority(label, role), this.clock.now()]);
    const thisUpdate = new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS);
    return issueCrl({
      issuer: authority,
      thisUpdate,
      nextUpdate: new Date(thisUpdate.getTime() + CRL_HOURS * HOUR_MS),
      number: thisUpdate.getTime() / HOUR_MS,
      revoked: await this.revoked(authority.name),
    });
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
