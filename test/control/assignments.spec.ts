import { control } from '@greenscreen/control';
import { describe, expect, it } from '@jest/globals';
import { IntuneApp, IntunePolicy } from '@greenscreen/model/mdm-session';
import { DirectoryGroup, GroupMember } from '@greenscreen/model/tenancy';
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

  it('name groups, which are made, and users; every device is meant unless something is said', async () => {
    const { tenant, user } = await newTenant(cloud());
    const uri = './Device/Vendor/MSFT/Policy/Config/A/B';
    const body = {
      groups: [
        { name: 'Kiosks', rule: '(device.devicePhysicalIds -any (_ -eq "[OrderID]:Kiosk"))' },
        { name: 'Sales', users: ['anna'] },
      ],
      apps: [{ id: 'a1', assignTo: ['Kiosks', 'allUsers'], exclude: ['Sales'], intent: 'available' }, { id: 'a2' }],
      policies: [{ uri, value: 1, assignTo: [] }],
      wifi: [{ ssid: 'Office', security: 'wpa2Personal', preSharedKey: 'correct horse', assignTo: ['allDevices'] }],
    };
    // A second time: the groups are those of before.
    expect((await assign(tenant.id, body)).status).toBe(200);
    expect((await assign(tenant.id, body)).status).toBe(200);
    const em = cloud().context.dataSource.manager;
    const groups = await em.findBy(DirectoryGroup, { tenantId: tenant.id });
    const id = (name: string) => groups.filter(({ displayName }) => displayName === name).map((group) => group.id);
    expect([id('Kiosks'), id('Sales')]).toEqual([[expect.anything()], [expect.anything()]]);
    expect(await em.findBy(GroupMember, { memberId: user.id })).toMatchObject([{ groupId: id('Sales')[0] }]);
    const everyDevice = { target: 'allDevices', groupId: null, intent: 'required' };
    const apps = await em.find(IntuneApp, { where: { tenantId: tenant.id }, order: { position: 'ASC' } });
    expect(apps.map(({ assignments }) => assignments)).toEqual([
      [
        { target: 'group', groupId: id('Kiosks')[0], intent: 'available' },
        { target: 'allUsers', groupId: null, intent: 'available' },
        { target: 'exclusionGroup', groupId: id('Sales')[0], intent: 'available' },
      ],
      [everyDevice],
    ]);
    expect(await em.find(IntunePolicy, { where: { tenantId: tenant.id }, order: { position: 'ASC' } })).toMatchObject([
      { displayName: 'Office', profile: { kind: 'wifi', ssid: 'Office', preSharedKey: 'correct horse' }, assignments: [everyDevice] },
      { uri, assignments: [] },
    ]);
  });

  it.each([
    ['a group that there is not', { apps: [{ id: 'a', assignTo: ['Nobody'] }] }, 400],
    ['a user that there is not', { groups: [{ name: 'G', users: ['nobody'] }] }, 400],
    ['a rule that cannot be read', { groups: [{ name: 'G', rule: 'device.displayName' }] }, 400],
    ['an open network with a passphrase', { wifi: [{ ssid: 'A', preSharedKey: 'correct horse' }] }, 400],
    ['a root that is no certificate', { trustedRoots: [{ name: 'A', certificate: 'AAAA' }] }, 400],
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
