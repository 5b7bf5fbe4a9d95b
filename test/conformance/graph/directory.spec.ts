import { beforeAll, describe, expect, it } from '@jest/globals';
import { graph } from '@greenscreen/graph';
import { useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { errorOf, GRAPH, GraphClient, type Json, listOf, newDevice, objectOf, userToken } from './support.js';

describe('directory', () => {
  const cloud = useCloud(graph);
  let lab: TestTenant;
  let own: GraphClient;
  let ztdId: string;
  let device: Json;

  beforeAll(async () => {
    lab = await newTenant(cloud());
    own = await GraphClient.of(cloud(), lab);
    ztdId = await own.register(newDevice().hash, { groupTag: 'Kiosk' });
    const found = await own.device((await own.identity(ztdId)).azureActiveDirectoryDeviceId);
    if (!found) throw new Error('The device object is missing');
    device = found;
  });
  const id = (): string => String(device.id);

  it('01-35 finds a device by search, with and without quotes, and takes it into a group once', async () => {
    const headers = { ConsistencyLevel: 'eventual' };
    for (const search of [
      `deviceId:${String(device.deviceId)}`,
      `"deviceId:${String(device.deviceId)}"`,
      `"displayName:${String(device.displayName)}"`,
    ])
      expect(await own.list(`/v1.0/devices?$search=${encodeURIComponent(search)}`, headers)).toMatchObject([{ id: id() }]);
    expect(await own.list('/v1.0/devices?$search="deviceId:00000000-0000-4000-8000-000000000000"', headers)).toEqual([]);
    const group = await own.post('/v1.0/groups', { displayName: 'Assigned' });
    const members = `/v1.0/groups/${String(group.id)}/members`;
    const reference = { '@odata.id': `${GRAPH}/v1.0/directoryObjects/${id()}` };
    expect((await own.call('POST', `${members}/$ref`, reference)).status).toBe(204);
    expect(errorOf(await own.call('POST', `${members}/$ref`, reference))).toMatchObject({ status: 400, code: 'Request_BadRequest' });
    expect(await own.list(members)).toMatchObject([{ '@odata.type': '#microsoft.graph.device', id: id() }]);
    expect(await own.list(`/v1.0/devices/${id()}/memberOf`)).toMatchObject([
      { displayName: 'Autopilot devices' },
      { displayName: 'Assigned' },
    ]);
    expect((await own.call('DELETE', `${members}/${id()}/$ref`)).status).toBe(204);
    expect(errorOf(await own.call('DELETE', `${members}/${id()}/$ref`)).status).toBe(404);
    const nobody = { '@odata.id': `${GRAPH}/v1.0/directoryObjects/00000000-0000-4000-8000-000000000000` };
    expect(errorOf(await own.call('POST', `${members}/$ref`, nobody))).toMatchObject({ status: 404, code: 'Request_ResourceNotFound' });
  });

  it('filters devices by what they carry', async () => {
    const found = async (filter: string) => (await own.list(`/v1.0/devices?$filter=${encodeURIComponent(filter)}`)).map((one) => one.id);
    expect(await found(`physicalIds/any(p:p eq '[ztdid]:${ztdId}')`)).toEqual([id()]);
    expect(await found("physicalIds/any(p:startswith(p,'[ZTDID]'))")).toEqual([id()]);
    expect(await found("physicalIds/all(p:startswith(p,'[ZTDID]'))")).toEqual([]);
    expect(await found('accountEnabled eq false and isManaged eq null')).toEqual([id()]);
    expect(await found('accountEnabled eq true')).toEqual([]);
    expect(await own.get(`/v1.0/devices(deviceId='${String(device.deviceId)}')`)).toMatchObject({ id: id() });
    expect(await own.get(`/v1.0/devices/${id()}?$select=id,displayName`)).toEqual({
      '@odata.context': `${GRAPH}/v1.0/$metadata#devices/$entity`,
      id: id(),
      displayName: device.displayName,
    });
  });

  it('dynamic groups have the devices that their rule names, and take no others', async () => {
    const group = async (rule: string): Promise<string> =>
      String((await own.post('/beta/groups', { displayName: 'D', groupTypes: ['DynamicMembership'], membershipRule: rule })).id);
    for (const [rule, size] of [
      ['(device.devicePhysicalIDs -any (_ -contains "[ZTDId]"))', 1],
      ['(device.devicePhysicalIDs -any (_ -startsWith "[ZTDID]")) -and (device.displayName -notStartsWith "x")', 1],
      [`(device.displayName -eq "${String(device.displayName)}") -or (device.accountEnabled -eq true)`, 1],
      ['-not (device.enrollmentProfileName -eq "wg-entra")', 0],
      ['(device.devicePhysicalIds -any (_ -eq "[OrderID]:Other"))', 0],
      ['(device.deviceOSType -in ["Windows", "iOS"])', 0],
    ] as const)
      expect({ rule, size: (await own.list(`/v1.0/groups/${await group(rule)}/members`)).length }).toEqual({ rule, size });
    const people = await group('(user.userPrincipalName -match "^anna@")');
    expect(await own.list(`/v1.0/groups/${people}/members`)).toMatchObject([{ userPrincipalName: lab.user.upn }]);
    const reference = { '@odata.id': `${GRAPH}/v1.0/directoryObjects/${id()}` };
    expect(errorOf(await own.call('POST', `/v1.0/groups/${people}/members/$ref`, reference)).status).toBe(400);
    for (const membershipRule of [
      '',
      '(device.x -is "y")',
      '(device.x constructor "y")',
      '(device.displayName -eq "x"',
      'device.displayName -eq',
    ])
      expect(
        errorOf(await own.call('POST', '/v1.0/groups', { displayName: 'B', groupTypes: ['DynamicMembership'], membershipRule })).status,
      ).toBe(400);
  });

  it('tells of the tenant, its domains and its people', async () => {
    expect(await own.list('/v1.0/organization')).toMatchObject([
      {
        id: lab.tenant.id,
        displayName: lab.tenant.displayName,
        verifiedDomains: [
          { name: lab.tenant.initialDomain, isInitial: true, isDefault: false },
          { name: lab.domain, isDefault: true },
        ],
      },
    ]);
    expect(await own.list('/v1.0/domains')).toMatchObject([
      { id: lab.tenant.initialDomain, isInitial: true },
      { id: lab.domain, isDefault: true, isInitial: false },
    ]);
    expect(
      await own.list(`/beta/users?$filter=startswith(userPrincipalName,'anna')&$select=displayName,givenName,userPrincipalName`),
    ).toEqual([{ displayName: 'anna Lab', givenName: 'anna', userPrincipalName: lab.user.upn }]);
    expect(await own.get(`/v1.0/users/${lab.user.upn}`)).toMatchObject({ id: lab.user.id });
    expect(errorOf(await own.call('GET', '/v1.0/users/nobody@nowhere.example'))).toMatchObject({
      status: 404,
      code: 'Request_ResourceNotFound',
    });
    expect(errorOf(await own.call('GET', '/v1.0/me')).status).toBe(400);
    const me = await cloud().request(`${GRAPH}/v1.0/me`, { headers: { authorization: `Bearer ${await userToken(cloud(), lab)}` } });
    expect(objectOf(me, 200)).toMatchObject({ id: lab.user.id, userPrincipalName: lab.user.upn });
  });

  it("04-63 lists Intune's services", async () => {
    for (const path of ['v1.0', 'v1.0/myorganization']) {
      const endpoints = await own.list(`/${path}/servicePrincipals/appId=0000000a-0000-0000-c000-000000000000/endpoints`);
      expect(endpoints.map(({ providerName }) => providerName)).toEqual(
        expect.arrayContaining(['WindowsEnrollment', 'IWService', 'TokenRenewalService']),
      );
      expect(endpoints).toContainEqual(
        expect.objectContaining({
          providerName: 'WindowsEnrollment',
          uri: 'https://fef.mock01.manage.microsoft.com/StatelessEnrollmentService/DeviceEnrollment.svc',
        }),
      );
    }
    expect(errorOf(await own.call('GET', `/v1.0/servicePrincipals(appId='${lab.clientId}')/endpoints`)).status).toBe(404);
  });

  it('an administrator disables, enables and deletes a device', async () => {
    const ztd = await own.register();
    const target = await own.device((await own.identity(ztd)).azureActiveDirectoryDeviceId);
    const address = `/v1.0/devices/${String(target?.id)}`;
    for (const accountEnabled of [true, false]) {
      expect((await own.call('PATCH', address, { accountEnabled })).status).toBe(204);
      expect(await own.get(address)).toMatchObject({ accountEnabled });
    }
    expect((await own.call('DELETE', address)).status).toBe(204);
    expect(errorOf(await own.call('GET', address))).toMatchObject({ status: 404, code: 'Request_ResourceNotFound' });
    expect(await own.identity(ztd)).toMatchObject({ azureActiveDirectoryDeviceId: target?.deviceId });
  });

  it('shows who did what, the latest first', async () => {
    const audits = await own.get(
      `/v1.0/auditLogs/directoryAudits?$filter=${encodeURIComponent(`targetResources/any(t:t/id eq '${id()}')`)}`,
    );
    expect(listOf(audits).map(({ activityDisplayName, loggedByService }) => [activityDisplayName, loggedByService])).toEqual([
      ['Add device', 'Core Directory'],
      ['pre-create device', 'Device Registration Service'],
    ]);
    expect(listOf(audits)[0]).toMatchObject({
      category: 'Device',
      result: 'success',
      operationType: 'Add',
      initiatedBy: { user: null, app: { displayName: 'Device Registration Service' } },
      targetResources: [{ id: id(), type: 'Device', displayName: device.displayName }],
    });
    const deleted = await own.list("/v1.0/auditLogs/directoryAudits?$filter=activityDisplayName eq 'Delete device'&$top=1");
    expect(deleted).toMatchObject([{ initiatedBy: { app: { appId: lab.clientId } } }]);
    const pages: unknown[] = [];
    for (let url = '/v1.0/auditLogs/directoryAudits?$top=3'; url;) {
      const page = await own.get(url);
      pages.push(...listOf(page).map((record) => record.id));
      url = typeof page['@odata.nextLink'] === 'string' ? page['@odata.nextLink'] : '';
    }
    expect(new Set(pages).size).toBe(pages.length);
    expect(await own.list('/v1.0/auditLogs/signIns')).toEqual([]);
    expect(await own.list('/beta/deviceManagement/auditEvents')).toEqual([]);
  });
});
