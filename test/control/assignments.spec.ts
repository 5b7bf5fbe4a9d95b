import { control } from '@greenscreen/control';
import { describe, expect, it } from '@jest/globals';
import { IntuneApp, IntunePolicy } from '@greenscreen/model/mdm-session';
import { useCloud } from '../support/cloud.js';
import { newTenant } from '../support/tenant.js';

const cloud = useCloud(control);
const assign = (tenant: string, body: object) =>
  cloud().request(`http://127.0.0.1/tenants/${tenant}/assignments`, { body: JSON.stringify(body) });

describe('assignments', () => {
  it('take the place of those before', async () => {
    const { tenant } = await newTenant(cloud());
    const policies = [{ uri: './Device/Vendor/MSFT/Policy/Config/A/B', value: true }];
    const answer = await assign(tenant.id, {
      apps: [
        { id: 'a1', exit: 3, seconds: 40 },
        { id: 'l1', type: 'lob' },
      ],
      policies,
    });
    expect(answer.status).toBe(200);
    const em = cloud().context.dataSource.manager;
    const apps = await em.find(IntuneApp, { where: { tenantId: tenant.id }, order: { position: 'ASC' } });
    expect(apps).toMatchObject([
      { id: 'a1', type: 'win32', exitCode: 3, seconds: 40, detection: 'match', productCode: null },
      { id: 'l1', type: 'lob', productCode: expect.stringMatching(/^\{[0-9A-F-]{36}\}$/) },
    ]);
    expect(await em.findBy(IntunePolicy, { tenantId: tenant.id })).toMatchObject(policies);
    expect((await assign(tenant.id, {})).status).toBe(200);
    expect(await em.countBy(IntuneApp, { tenantId: tenant.id })).toBe(0);
  });

  it.each([
    ['an unknown member', { app: [] }, 400],
    ['two apps with one id', { apps: [{ id: 'a' }, { id: 'a' }] }, 400],
    ['a policy that is no LocURI', { policies: [{ uri: 'Device/A', value: 1 }] }, 400],
  ])('%s is refused, and nothing changes', async (_what, body, status) => {
    const { tenant } = await newTenant(cloud());
    expect((await assign(tenant.id, body)).status).toBe(status);
    expect(await cloud().context.dataSource.manager.countBy(IntuneApp, { tenantId: tenant.id })).toBe(1);
  });

  it('an unknown tenant is not found', async () => {
    expect((await assign('6f1c0d52-8a7e-4c1b-9d35-2b7e4a90c1f4', {})).status).toBe(404);
    expect((await assign('nobody', {})).status).toBe(404);
  });
});
