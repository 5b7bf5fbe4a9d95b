import { Controller, Get, Param, UseFilters } from '@nestjs/common';
import { issueCrl } from '@greenscreen/crypto/x509';
import { tpmRoot } from '@greenscreen/host/authority/definitions';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { reply, type Reply } from '@greenscreen/host/reply';
import { silentDialect } from '../attestation.errors.js';
import { AttestationServices } from '../attestation-services.js';
import { TPM_ROOT_HOST } from '../hosts.js';

const DAY_MS = 86_400_000;
const CRL_DAYS = 90;
const FILE = 'Microsoft TPM Root Certificate Authority 2014';

/** The TPM root and its CRL, plain HTTP (reference 03, 2.4). No issuing authority is ever revoked. */
@Controller({ host: TPM_ROOT_HOST, path: 'pkiops' })
@UseFilters(new FaultFilter(silentDialect))
export class TpmRootController {
  constructor(private readonly services: AttestationServices) {}

  @Get('certs/:file.crt')
  @Operation('aik', 'Aia')
  async certificate(@Param('file') file: string): Promise<Reply> {
    requireRoot(file);
    return reply(200, 'application/pkix-cert', (await this.services.authorities.get(tpmRoot)).certificate);
  }

  @Get('crl/:file.crl')
  @Operation('aik', 'Crl')
  async crl(@Param('file') file: string): Promise<Reply> {
    requireRoot(file);
    const { authorities, clock } = this.services;
    const [issuer, now] = await Promise.all([authorities.get(tpmRoot), clock.now()]);
    const thisUpdate = new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS);
    const nextUpdate = new Date(thisUpdate.getTime() + CRL_DAYS * DAY_MS);
    const list = issueCrl({ issuer, thisUpdate, nextUpdate, number: thisUpdate.getTime() / DAY_MS, revoked: [] });
    return reply(200, 'application/pkix-crl', list);
  }
}

/** Of what Microsoft publishes there, the lab has one root. */
function requireRoot(file: string): void {
  if (file !== FILE) throw new Fault('ek.notFound');
}
