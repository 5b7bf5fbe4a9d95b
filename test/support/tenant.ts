import { createTenant } from '@greenscreen/model/seed';
import { DirectoryUser, type Tenant } from '@greenscreen/model/tenancy';
import { randomUUID } from 'node:crypto';
import { type TestCloud } from './cloud.js';

export interface TestTenant {
  readonly tenant: Tenant;
  /** `<random>.example` */
  readonly domain: string;
  readonly user: DirectoryUser;
  readonly admin: DirectoryUser;
  readonly password: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** A tenant for one test or spec file, seeded like the lab's own. */
export async function newTenant({ context }: Pick<TestCloud, 'context'>, switches: Tenant['switches'] = {}): Promise<TestTenant> {
  const name = `t${randomUUID().replaceAll('-', '').slice(0, 12)}`;
  const domain = `${name}.example`;
  const password = 'Passw0rd!';
  const clientId = randomUUID();
  const clientSecret = 'lab-secret';
  const people = ['anna', 'ben'].map((first) => ({
    upn: `${first}@${domain}`,
    displayName: `${first} Lab`,
    givenName: first,
    surname: 'Lab',
  }));
  return context.dataSource.transaction(async (em) => {
    const tenant = await createTenant(
      em,
      {
        id: randomUUID(),
        displayName: name,
        initialDomain: `${name}.onmicrosoft.com`,
        domains: [domain],
        password,
        switches,
        users: [
          { upn: `admin@${domain}`, displayName: 'Admin', givenName: 'Admin', surname: 'Lab', isGlobalAdministrator: true },
          ...people,
        ],
        application: { clientId, secret: clientSecret },
      },
      context.random,
      new Date(),
    );
    const user = await em.findOneByOrFail(DirectoryUser, { tenantId: tenant.id, upn: `anna@${domain}` });
    const admin = await em.findOneByOrFail(DirectoryUser, { tenantId: tenant.id, upn: `admin@${domain}` });
    return { tenant, domain, user, admin, password, clientId, clientSecret };
  });
}
