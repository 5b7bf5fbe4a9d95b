import { Controller, Get, Req, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { reply, type Reply } from '@greenscreen/host/reply';
import { encodeIntelAnswer, INTEL_EK_HOST, INTEL_EK_PATH } from '@greenscreen/wire/ek-services';
import { type Request } from 'express';
import { silentDialect } from '../attestation.errors.js';
import { AttestationServices } from '../attestation-services.js';
import { findEkCertificate } from './find-ek-certificate.js';

/** Intel's EK certificate service (reference 03, 1.3). */
@Controller({ host: INTEL_EK_HOST })
@UseFilters(new FaultFilter(silentDialect))
export class IntelController {
  constructor(private readonly services: AttestationServices) {}

  @Get('ekcertservice{/*hash}')
  @Operation('ek-intel', 'EkFetch')
  async fetch(@Req() { path }: Request): Promise<Reply> {
    const segment = path.slice(INTEL_EK_PATH.length);
    // What counts is how it is spelt: the real service refuses a padding that is not percent-encoded.
    if (segment.includes('=')) throw new Fault('ek.forbidden');
    const hash = decodeURIComponent(segment);
    const { der } = await findEkCertificate(this.services.em, { intelHash: hash, vendor: 'INTC' });
    // One body, one write: clients take what arrives first for the whole (reference 03, 1.3).
    return reply(200, 'application/json', encodeIntelAnswer(hash, der));
  }
}
