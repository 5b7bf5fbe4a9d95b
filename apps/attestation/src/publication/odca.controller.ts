import { Controller, Get, Param, UseFilters } from '@nestjs/common';
import { AuthorityStore } from '@greenscreen/host/authority';
import { ODCA_CRL_FILE, odcaAuthority, odcaFiles, odcaLevels } from '@greenscreen/host/authority/definitions';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { reply, type Reply } from '@greenscreen/host/reply';
import { silentDialect } from '../attestation.errors.js';
import { ODCA_HOST } from '../hosts.js';
import { VendorPki } from './vendor-pki.js';

/** Authorities above Intel's chips, and their one list (reference 03, 1.6). */
@Controller({ host: ODCA_HOST, path: 'content/OnDieCA' })
@UseFilters(new FaultFilter(silentDialect))
export class OdcaController {
  constructor(
    private readonly authorities: AuthorityStore,
    private readonly pki: VendorPki,
  ) {}

  @Get('certs/:file')
  @Operation('ek-pki', 'Certificate')
  async certificate(@Param('file') file: string): Promise<Reply> {
    const level = odcaLevels.find((candidate) => odcaFiles[candidate] === file);
    if (!level) throw new Fault('ek.notFound');
    return reply(200, 'application/pkix-cert', (await this.authorities.get(odcaAuthority(level))).certificate);
  }

  @Get(`crls/${ODCA_CRL_FILE}`)
  @Operation('ek-pki', 'Crl')
  async crl(): Promise<Reply> {
    return reply(200, 'application/pkix-crl', await this.pki.onDieCrl());
  }
}
