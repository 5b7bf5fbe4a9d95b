import { Controller, Get, Query } from '@nestjs/common';
import { currentExchange, Operation } from '@greenscreen/host/exchange';
import { json, type Reply } from '@greenscreen/host/reply';
import { findTenantByDomain } from '@greenscreen/model/tenancy';
import { lookupHosts } from '../hosts.js';
import { StsServices } from '../sts-services.js';

/** Tenant of a domain (reference 02, 2.6): three members with exactly this mixed casing [client]. */
@Controller({ host: lookupHosts })
export class FederationProviderController {
  constructor(private readonly sts: StsServices) {}

  @Get('odc/v2.1/federationProvider')
  @Operation('sts', 'FederationProvider')
  async federationProvider(@Query('domain') domain: string | undefined): Promise<Reply> {
    const tenant = await findTenantByDomain(this.sts.em, (domain ?? '').trim());
    if (!tenant) return json(200, { environment: 'Global', error: 'unknown_domain' });
    currentExchange().tenantId = tenant.id;
    return json(200, { tenantId: tenant.id, authority_host: 'login.microsoftonline.com', graph: 'https://graph.microsoft.com' });
  }
}
