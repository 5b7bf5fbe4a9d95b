import { Controller, Get, Param, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { reply, type Reply } from '@greenscreen/host/reply';
import { AMD_EK_HOST, decodeAmdId } from '@greenscreen/wire/ek-services';
import { silentDialect } from '../attestation.errors.js';
import { AttestationServices } from '../attestation-services.js';
import { VendorPki } from '../publication/vendor-pki.js';
import { findEkCertificate } from './find-ek-certificate.js';

const CERTIFICATE = 'application/pkix-cert';

/** AMD's EK certificates, authorities and CRL (reference 03, 1.4). */
@Controller({ host: AMD_EK_HOST })
@UseFilters(new FaultFilter(silentDialect))
export class AmdController {
  constructor(
    private readonly services: AttestationServices,
    private readonly pki: VendorPki,
  ) {}

  @Get('pki/aia/:id')
  @Operation('ek-amd', 'EkFetch')
  async fetch(@Param('id') segment: string): Promise<Reply> {
    const id = decodeAmdId(segment);
    if (id === undefined) throw new Fault('ek.notFound');
    const authority = await this.pki.authorityBySerial('AMD', id);
    const { der } = authority ? { der: authority.certificate } : await findEkCertificate(this.services.em, { amdId: id, vendor: 'AMD' });
    return reply(200, CERTIFICATE, der);
  }

  @Get('pki/crl')
  @Operation('ek-amd', 'Crl')
  async crl(): Promise<Reply> {
    return reply(200, 'application/pkix-crl', await this.pki.crl('AMD', 'issuing'));
  }

  /** Connectivity checks ask here. */
  @Get()
  @Operation('ek-amd', 'Root')
  root(): Reply {
    return reply(200, 'text/html; charset=utf-8', '<html></html>');
  }
}
