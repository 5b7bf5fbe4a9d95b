import { control } from '@greenscreen/control';
import { describe, expect, it } from '@jest/globals';
import { sts } from '@greenscreen/sts';
import { randomUUID } from 'node:crypto';
import { claims, members, post } from '../conformance/sts/support.js';
import { useCloud } from '../support/cloud.js';
import { programCertificate } from '../support/program-certificate.js';
import { newTenant } from '../support/tenant.js';

const cloud = useCloud(control, sts);
const register = (tenant: string, body: object) =>
  cloud().request(`http://127.0.0.1/tenants/${tenant}/applications`, { body: JSON.stringify(body) });

describe('app registrations', () => {
  it('a registered application signs in with its secret, and a public one has none', async () => {
    const { tenant, domain } = await newTenant(cloud());
    const answer = await register(tenant.id, { displayName: 'My tool', secret: 's3', roles: ['Device.Read.All'] });
    expect([answer.status, members(answer)]).toEqual([201, expect.objectContaining({ displayName: 'My tool', public: false })]);
    expect(answer.text()).not.toContain('s3');
    const client_id = String(members(answer).clientId);
    const form = { grant_type: 'client_credentials', client_id, client_secret: 's3', scope: 'https://graph.microsoft.com/.default' };
    expect(claims(members(await post(cloud(), `/${domain}/oauth2/v2.0/token`, form)).access_token).roles).toEqual(['Device.Read.All']);
    const open = members(await register(tenant.id, { redirectUris: ['http://localhost'] }));
    expect(open).toMatchObject({ public: true, redirectUris: ['http://localhost'] });
    const { der } = await programCertificate();
    expect(members(await register(tenant.id, { certificates: [der.toString('base64')] })).public).toBe(false);
    const { applications } = members(await cloud().request(`http://127.0.0.1/tenants/${tenant.id}/applications`));
    expect(applications).toHaveLength(4);
  });

  it.each([
    ['a certificate that is none', { certificates: ['bm90aGluZw=='] }, 400],
    ['an unknown member', { name: 'x' }, 400],
    ['a permission that is none', { roles: ['Device Read'] }, 400],
  ])('%s is refused', async (_, body, status) => {
    const { tenant } = await newTenant(cloud());
    expect((await register(tenant.id, body)).status).toBe(status);
    expect((await register(tenant.id, {})).status).toBe(201);
  });

  it('a client id is taken once in a tenant, and an unknown tenant is not found', async () => {
    const { tenant, clientId } = await newTenant(cloud());
    expect((await register(tenant.id, { clientId })).status).toBe(409);
    expect((await register(randomUUID(), {})).status).toBe(404);
    expect((await cloud().request(`http://127.0.0.1/tenants/${randomUUID()}/applications`)).status).toBe(404);
  });
});
