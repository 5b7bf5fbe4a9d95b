import { currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { findTenant, findTenantByDomain, type Tenant } from '@greenscreen/model/tenancy';
import { type EntityManager } from 'typeorm';

/** `{tenant}` in a path: a tenant, or one of the words that leave it open (reference 02, section 1 rule 5). */
export interface TenantSegment {
  /** As sent. */
  readonly text: string;
  /** Lower case; the tenant's id when it names one. */
  readonly canonical: string;
  /** Undefined for `common`, `organizations`, `consumers`. */
  readonly tenant?: Tenant;
}

const OPEN = new Set(['common', 'organizations', 'consumers']);

/** Resolves a path segment; an unknown tenant is `unknownFault`, AADSTS90002. */
export async function resolveSegment(em: EntityManager, segment: string, unknownFault = 'sts.90002'): Promise<TenantSegment> {
  const text = segment.trim();
  if (OPEN.has(text.toLowerCase())) return { text, canonical: text.toLowerCase() };
  const tenant = await findTenant(em, text);
  if (!tenant) throw new Fault(unknownFault, { tenant: text });
  currentExchange().tenantId = tenant.id;
  return { text, canonical: tenant.id, tenant };
}

/** The tenant of a request: the path's, or the one that owns the user's domain. */
export async function tenantOfUpn(em: EntityManager, { tenant }: TenantSegment, upn: string): Promise<Tenant> {
  const found = tenant ?? (await findTenantByDomain(em, domainOf(upn)));
  if (!found) throw new Fault('sts.50059');
  currentExchange().tenantId = found.id;
  return found;
}

export const domainOf = (upn: string): string =>
  upn
    .slice(upn.lastIndexOf('@') + 1)
    .trim()
    .toLowerCase();
