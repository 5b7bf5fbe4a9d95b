import { type Reply } from '@greenscreen/host/reply';
import { type DiscoveryVersion, encodeDiscovery } from '@greenscreen/wire/drs';
import { type DrsServices } from '../drs-services.js';
import { drsJson } from '../drs-reply.js';
import { DRS, STS } from '../hosts.js';
import { domainOf, requireTenant } from '../tenant-segment.js';

/** Where everything is for a tenant (reference 02, 9.1). */
export async function discoverOperation(drs: DrsServices, segment: string, version: DiscoveryVersion): Promise<Reply> {
  const tenant = await requireTenant(drs, segment);
  const { domain, authentication } = await domainOf(drs, tenant, segment);
  return drsJson(
    200,
    encodeDiscovery({
      version,
      segment,
      tenantId: tenant.id,
      domain,
      displayName: tenant.displayName,
      federated: authentication === 'Federated',
      registration: DRS,
      tokenService: STS,
    }),
  );
}
