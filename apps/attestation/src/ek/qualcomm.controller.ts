import { All, Body, Controller, HttpCode, Post, UseFilters } from '@nestjs/common';
import { Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { json, type Reply } from '@greenscreen/host/reply';
import {
  decodeQualcommRequest,
  EkServiceError,
  encodeQualcommAnswer,
  QUALCOMM_EK_HOST,
  QUALCOMM_EK_PATH,
} from '@greenscreen/wire/ek-services';
import { qualcommDialect } from '../attestation.errors.js';
import { AttestationServices } from '../attestation-services.js';
import { findEkCertificate } from './find-ek-certificate.js';
import { ekHashOfPublic } from './public-area.js';

/** The service that Qualcomm and Pluton parts ask (reference 03, 1.5). */
@Controller({ host: QUALCOMM_EK_HOST, path: QUALCOMM_EK_PATH.slice(1) })
@UseFilters(new FaultFilter(qualcommDialect))
export class QualcommController {
  constructor(private readonly services: AttestationServices) {}

  @Post()
  @Operation('ek-qcom', 'EkFetch')
  async fetch(@Body() body: Buffer): Promise<Reply> {
    const { der } = await findEkCertificate(this.services.em, { ekHash: hashIn(body) });
    return json(200, encodeQualcommAnswer(der));
  }

  @All()
  @HttpCode(405)
  @Operation('ek-qcom', 'EkFetch')
  wrongMethod(): Reply {
    throw new Fault('ek.methodNotAllowed');
  }
}

function hashIn(body: Buffer): string {
  try {
    return ekHashOfPublic(decodeQualcommRequest(body));
  } catch (error) {
    if (error instanceof EkServiceError) throw new Fault('ek.badRequest', {}, { cause: error });
    throw error;
  }
}
