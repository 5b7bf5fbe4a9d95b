import { Controller, Get, Param, UseFilters } from '@nestjs/common';
import { currentExchange, Operation } from '@greenscreen/host/exchange';
import { FaultFilter } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { encodeNonceResponse } from '@greenscreen/wire/drs';
import { requireApiVersion } from '../api-version.js';
import { drsDialect } from '../drs-dialect.js';
import { drsJson } from '../drs-reply.js';
import { DrsServices } from '../drs-services.js';
import { DRS_HOST } from '../hosts.js';
import { requireTenant } from '../tenant-segment.js';

/** Bytes of IV, ciphertext and tag of the nonce's JWE: clients treat it as opaque (reference 02, 9.3). */
const JWE_BYTES = [12, 48, 16];

/** Nonces for certificate requests. Joins take requests without one, so nobody keeps them (reference 02, 9.3 [our choice]). */
@Controller({ host: DRS_HOST, path: 'EnrollmentServer/nonce' })
@UseFilters(new FaultFilter(drsDialect))
export class NonceController {
  constructor(private readonly drs: DrsServices) {}

  @Get(':tenant')
  @Operation('drs', 'Nonce')
  async nonce(@Param('tenant') segment: string): Promise<Reply> {
    const exchange = currentExchange();
    requireApiVersion(exchange.path, ['1.0']);
    const { id } = await requireTenant(this.drs, segment);
    const header = Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM' })).toString('base64url');
    const jwe = [header, '', ...JWE_BYTES.map((length) => this.drs.random.token(length))].join('.');
    const value = Buffer.from(jwe, 'latin1').toString('base64');
    return drsJson(200, encodeNonceResponse(value, exchange.traceId, await this.drs.clock.now(id)));
  }
}
