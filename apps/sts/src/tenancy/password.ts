import { Fault } from '@greenscreen/host/faults';
import { DirectoryUser, type Tenant, TenantDomain, verifyPassword } from '@greenscreen/model/tenancy';
import { type EntityManager } from 'typeorm';
import { domainOf } from './tenant-segment.js';

/** The user of that name who knows that password and may sign in. */
export async function authenticatePassword(em: EntityManager, tenant: Tenant, upn: string, password: string): Promise<DirectoryUser> {
  const user = await findUser(em, tenant, upn);
  if (!(await verifyPassword(password, user.passwordHash))) throw new Fault('sts.50126');
  requireEnabled(user);
  return user;
}

/** A user by UPN; one of another tenant's domain is 50020, an unknown one 50034. */
export async function findUser(em: EntityManager, tenant: Tenant, upn: string): Promise<DirectoryUser> {
  const name = upn.trim().toLowerCase();
  const user = await em.findOneBy(DirectoryUser, { tenantId: tenant.id, upn: name });
  if (user) return user;
  const domain = await em.findOneBy(TenantDomain, { domain: domainOf(name) });
  if (domain && domain.tenantId !== tenant.id) throw new Fault('sts.50020', { upn, tenant: tenant.displayName });
  throw new Fault('sts.50034', { upn, tenant: tenant.id });
}

/** A user by object id, for grants that were issued earlier. */
export async function userOfGrant(em: EntityManager, userId: string): Promise<DirectoryUser> {
  const user = await em.findOneBy(DirectoryUser, { id: userId });
  if (!user) throw new Fault('sts.50034', { upn: userId, tenant: '' });
  requireEnabled(user);
  return user;
}

/** A user whom an administrator has blocked is AADSTS50057. */
export function requireEnabled(user: DirectoryUser): void {
  if (!user.accountEnabled) throw new Fault('sts.50057');
}
