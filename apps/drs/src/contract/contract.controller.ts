import { Controller, Get, Headers, Param, UseFilters } from '@nestjs/common';
import { currentExchange, Operation } from '@greenscreen/host/exchange';
import { Fault, FaultFilter } from '@greenscreen/host/faults';
import { reply, type Reply } from '@greenscreen/host/reply';
import { contractVersions, encodeContractJson, encodeContractXml } from '@greenscreen/wire/drs';
import { requireApiVersion } from '../api-version.js';
import { drsDialect } from '../drs-dialect.js';
import { drsJson } from '../drs-reply.js';
import { DrsServices } from '../drs-services.js';
import { discoveryHosts, DRS, STS } from '../hosts.js';
import { domainOf, requireTenant } from '../tenant-segment.js';

/** Discovery of older clients (MS-DVRD; reference 02, 9.2). */
@Controller({ host: discoveryHosts })
@UseFilters(new FaultFilter(drsDialect))
export class ContractController {
  constructor(private readonly drs: DrsServices) {}

  @Get(':tenant/EnrollmentServer/contract')
  @Operation('drs', 'Contract')
  async contract(@Param('tenant') segment: string, @Headers('accept') accept: string | undefined): Promise<Reply> {
    const version = requireApiVersion(currentExchange().path, contractVersions);
    const format = formatOf(accept);
    const tenant = await requireTenant(this.drs, segment);
    const { domain } = await domainOf(this.drs, tenant, segment);
    const input = { version, tenantId: tenant.id, domain, registration: DRS, tokenService: STS };
    if (format === 'json') return drsJson(200, encodeContractJson(input));
    return reply(200, 'application/xml; charset=utf-8', encodeContractXml(input).toBuffer());
  }
}

/** XML unless JSON is asked for; what is neither is 406. */
function formatOf(accept: string | undefined): 'xml' | 'json' {
  const wanted = accept?.toLowerCase() ?? '';
  if (wanted === '' || /\*\/\*|application\/(xml|\*)|text\/xml/.test(wanted)) return 'xml';
  if (wanted.includes('application/json')) return 'json';
  throw new Fault('drs.NotAcceptable');
}
