import { Controller, Get, Param, UseFilters } from '@nestjs/common';
import { type EkAuthorityRole, ekPublicationName } from '@greenscreen/host/authority/definitions';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { reply, type Reply } from '@greenscreen/host/reply';
import { tpmVendors } from '@greenscreen/crypto/ek-certificate';
import { silentDialect } from '../attestation.errors.js';
import { vendorPublicationHosts } from '../hosts.js';
import { VendorPki } from './vendor-pki.js';

const roles: readonly EkAuthorityRole[] = ['root', 'issuing'];

/** Certificates and CRLs of EK authorities, plain HTTP: `…/IFX-EK-issuing.cer`, `.crl`. AMD's are at its EK service. */
@Controller({ host: vendorPublicationHosts.map((host) => host.replace('*', ':vendor')) })
@UseFilters(new FaultFilter(silentDialect))
export class VendorPkiController {
  constructor(private readonly pki: VendorPki) {}

  @Get(['content/CRL/ekcert/:file.cer', ':file.cer'])
  @Operation('ek-pki', 'Certificate')
  async certificate(@Param('file') file: string): Promise<Reply> {
    const { label, role } = publicationOf(file);
    return reply(200, 'application/pkix-cert', (await this.pki.authority(label, role)).certificate);
  }

  @Get(['content/CRL/ekcert/:file.crl', ':file.crl'])
  @Operation('ek-pki', 'Crl')
  async crl(@Param('file') file: string): Promise<Reply> {
    const { label, role } = publicationOf(file);
    return reply(200, 'application/pkix-crl', await this.pki.crl(label, role));
  }
}

function publicationOf(file: string): { label: string; role: EkAuthorityRole } {
  for (const { label } of tpmVendors) {
    const role = roles.find((candidate) => ekPublicationName(label, candidate) === file);
    if (role) return { label, role };
  }
  throw new Fault('ek.notFound');
}
