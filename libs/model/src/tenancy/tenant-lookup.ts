import { type EntityManager } from 'typeorm';
import { TenantDomain } from './tenant-domain.entity.js';
import { Tenant } from './tenant.entity.js';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The tenant that a path segment names: a GUID or a verified domain, in any case. */
export async function findTenant(em: EntityManager, idOrDomain: string): Promise<Tenant | null> {
  return GUID.test(idOrDomain) ? em.findOneBy(Tenant, { id: idOrDomain.toLowerCase() }) : findTenantByDomain(em, idOrDomain);
}

/** The tenant that owns a verified domain. */
export async function findTenantByDomain(em: EntityManager, domain: string): Promise<Tenant | null> {
  const row = await em.findOneBy(TenantDomain, { domain: domain.toLowerCase() });
  return row ? em.findOneBy(Tenant, { id: row.tenantId }) : null;
}
