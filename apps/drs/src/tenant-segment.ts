import { currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { findTenant, type Tenant, TenantDomain } from '@greenscreen/model/tenancy';
import { type DrsServices } from './drs-services.js';

/** The tenant that a path names by id or verified domain; an unknown one is TenantNotFound, dated by the installation's clock. */
export async function requireTenant({ em, clock }: DrsServices, segment: string): Promise<Tenant> {
  const tenant = await findTenant(em, segment.trim());
  await clock.now(tenant?.id);
  if (!tenant) throw new Fault('drs.TenantNotFound', { tenant: segment });
  currentExchange().tenantId = tenant.id;
  return tenant;
}

/** The domain that a path asked for; by tenant id, the default one. */
export async function domainOf({ em }: DrsServices, { id }: Tenant, segment: string): Promise<TenantDomain> {
  const asked = await em.findOneBy(TenantDomain, { tenantId: id, domain: segment.trim().toLowerCase() });
  return asked ?? em.findOneOrFail(TenantDomain, { where: { tenantId: id }, order: { isDefault: 'DESC', domain: 'ASC' } });
}
