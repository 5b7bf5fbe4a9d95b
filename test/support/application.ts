import { Application, hashPassword } from '@greenscreen/model/tenancy';
import { randomUUID } from 'node:crypto';
import { type TestCloud } from './cloud.js';
import { type TestTenant } from './tenant.js';

export interface TestApplication {
  readonly secret?: string;
  /** DER. */
  readonly certificates?: readonly Buffer[];
  readonly redirectUris?: string[];
  readonly scopes?: string[];
}

/** Registers an application in a tenant; without secret and certificates it is a public client. Returns its client id. */
export async function registerApplication(
  { context }: Pick<TestCloud, 'context'>,
  { tenant }: TestTenant,
  { secret, certificates = [], redirectUris = ['http://localhost'], scopes = [] }: TestApplication = {},
): Promise<string> {
  const clientId = randomUUID();
  await context.dataSource.manager.insert(Application, {
    tenantId: tenant.id,
    clientId,
    displayName: 'Foreign program',
    servicePrincipalId: randomUUID(),
    secretHash: secret === undefined ? null : await hashPassword(secret),
    certificates: certificates.map((der) => der.toString('base64')),
    roles: ['Device.Read.All'],
    scopes,
    redirectUris,
  });
  return clientId;
}
