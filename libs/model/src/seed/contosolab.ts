import { type DataSource, type EntityManager } from 'typeorm';
import { Tenant } from '../tenancy/index.js';
import { createTenant, type IdSource } from './create-tenant.js';

/** The tenant that is always there unless the cloud is started empty (design 3). */
export const contosolab = {
  id: '3b1d5e0a-64c7-4d0c-9a70-0d6b7c1f2e11',
  displayName: 'Contoso Lab',
  initialDomain: 'contosolab.onmicrosoft.com',
  domains: ['contosolab.example'],
  users: [
    { upn: 'admin@contosolab.example', displayName: 'Lab Admin', givenName: 'Lab', surname: 'Admin', isGlobalAdministrator: true },
    { upn: 'anna@contosolab.example', displayName: 'Anna Berg', givenName: 'Anna', surname: 'Berg' },
    { upn: 'ben@contosolab.example', displayName: 'Ben Carter', givenName: 'Ben', surname: 'Carter' },
  ],
  password: 'Passw0rd!',
  application: { clientId: '11111111-2222-3333-4444-555555555555', secret: 'lab-secret' },
} as const;

/** Makes the seeded tenant when it is missing. Several processes may call this at once. */
export async function ensureContosolab(dataSource: DataSource, ids: IdSource): Promise<void> {
  if (await dataSource.manager.existsBy(Tenant, { id: contosolab.id })) return;
  await dataSource.transaction((em) => seedContosolab(em, ids));
}

/** {@link ensureContosolab} in the caller's transaction. */
export async function seedContosolab(em: EntityManager, ids: IdSource): Promise<void> {
  await em.query('SELECT pg_advisory_xact_lock(hashtext($1))', [contosolab.id]);
  if (!(await em.existsBy(Tenant, { id: contosolab.id }))) await createTenant(em, contosolab, ids, new Date());
}
