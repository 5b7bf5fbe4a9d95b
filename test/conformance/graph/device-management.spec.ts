import { graph } from '@greenscreen/graph';
import { mdm } from '@greenscreen/mdm';
import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type TestResponse, useCloud } from '../../support/cloud.js';
import { newTenant } from '../../support/tenant.js';
import { documentOf, enrollWhiteGlove, joinedAutopilotDevice, refusalOf } from '../mdm/support.js';
import { appToken, errorOf, GRAPH, GraphClient, type Json, listOf } from './support.js';

const cloud = useCloud(graph, mdm);
const client = async (switches = {}) => GraphClient.of(cloud(), await newTenant(cloud(), switches));

const CONFIGURATIONS = '/v1.0/deviceManagement/deviceConfigurations';
const APPS = '/v1.0/deviceAppManagement/mobileApps';
const COMPLIANCE = '/v1.0/deviceManagement/deviceCompliancePolicies';
const SCRIPTS = '/beta/deviceManagement/deviceManagementScripts';
const ENROLLMENT = '/v1.0/deviceManagement/deviceEnrollmentConfigurations';

/** Nodes of the provisioning document, by the last segment of their names. */
const nodesOf = (answer: TestResponse) =>
  Object.fromEntries(documentOf(answer).nodes.map(({ uri, data }) => [uri.slice(uri.lastIndexOf('/') + 1), data]));

const setting = (more: Json = {}) => ({
  '@odata.type': '#microsoft.graph.omaSettingInteger',
  displayName: 'S',
  omaUri: './Device/Vendor/MSFT/Policy/Config/A/B',
  value: 1,
  ...more,
});
const custom = (displayName: string, more: Json = {}) => ({
  '@odata.type': '#microsoft.graph.windows10CustomConfiguration',
  displayName,
  omaSettings: [setting()],
  ...more,
});
const win32 = (displayName: string) => ({ '@odata.type': '#microsoft.graph.win32LobApp', displayName, publisher: 'Contoso' });
const script = (displayName: string) => ({ displayName, scriptContent: Buffer.from('whoami').toString('base64'), fileName: 'a.ps1' });
const compliance = (displayName: string) => ({ '@odata.type': '#microsoft.graph.windows10CompliancePolicy', displayName });

describe.each([
  { name: 'configurations', path: CONFIGURATIONS, body: custom, permission: 'DeviceManagementConfiguration', member: 'assignments' },
  { name: 'apps', path: APPS, body: win32, permission: 'DeviceManagementApps', member: 'mobileAppAssignments' },
  { name: 'compliance policies', path: COMPLIANCE, body: compliance, permission: 'DeviceManagementConfiguration', member: 'assignments' },
  {
    name: 'scripts',
    path: SCRIPTS,
    body: script,
    permission: 'DeviceManagementConfiguration',
    member: 'deviceManagementScriptAssignments',
  },
])('$name', ({ path, body, permission, member }) => {
  it('are made, read, changed and deleted, in both versions of Graph', async () => {
    const own = await client();
    const made = await own.post(path, { ...body('First'), description: 'D' });
    const address = `${path}/${String(made.id)}`;
    expect(made['@odata.context']).toBe(`${GRAPH}${path.replace(/^\/(v1.0|beta)\//, '/$1/$metadata#')}/$entity`);
    expect(await own.get(address.replace('v1.0', 'beta'))).toMatchObject({
      ...body('First'),
      id: made.id,
      description: 'D',
    });
    expect((await own.call('PATCH', address, { displayName: 'Renamed' })).status).toBe(200);
    expect(await own.get(address)).toMatchObject({ displayName: 'Renamed', description: 'D' });
    expect((await own.call('PATCH', address, { displayName: 'X' }, { 'if-match': 'W/"other"' })).status).toBe(412);
    expect((await own.call('DELETE', address)).status).toBe(204);
    expect(errorOf(await own.call('GET', address))).toMatchObject({ status: 404, code: 'ResourceNotFound' });
  });

  it('are found by name and come in pages', async () => {
    const own = await client({ 'graph.pageSize': 2 });
    for (const name of ['One', 'Two', 'Three']) await own.post(path, body(name));
    expect((await own.list(`${path}?$filter=displayName eq 'Two'&$select=displayName`)).map(({ displayName }) => displayName)).toEqual([
      'Two',
    ]);
    const names: unknown[] = [];
    for (let next: string | undefined = path; next !== undefined;) {
      const page: Json = await own.get(next);
      names.push(...listOf(page).map(({ displayName }) => displayName));
      next = page['@odata.nextLink'] as string | undefined;
    }
    expect(names.slice(-3)).toEqual(['One', 'Two', 'Three']);
    expect(errorOf(await own.call('GET', `${path}?$filter=nothing eq 1`))).toMatchObject({ status: 400, code: 'BadRequest' });
  });

  it('are a tenant’s own, and need their permission', async () => {
    const own = await client();
    const made = await own.post(path, body('First'));
    const address = `${path}/${String(made.id)}`;
    expect((await (await client()).call('GET', address)).status).toBe(404);
    const as = async (method: string, roles: string[]) => {
      const headers = { authorization: `Bearer ${await appToken(cloud(), own.lab, { roles })}`, 'content-type': 'application/json' };
      const sent = { method, headers, ...(method === 'GET' ? {} : { body: '{"displayName":"X"}' }) };
      return (await cloud().request(`${GRAPH}${address}`, sent)).status;
    };
    expect(await as('GET', ['DeviceManagementManagedDevices.ReadWrite.All'])).toBe(403);
    expect(await as('GET', [`${permission}.Read.All`])).toBe(200);
    expect(await as('PATCH', [`${permission}.Read.All`])).toBe(403);
    expect(await as('PATCH', [`${permission}.ReadWrite.All`])).toBe(200);
  });

  it('are assigned all at once; a group has to be there, and is named once', async () => {
    const own = await client();
    const address = `${path}/${String((await own.post(path, body('First'))).id)}`;
    const group = String((await own.post('/v1.0/groups', { displayName: 'G' })).id);
    const to = (type: string, groupId?: string) => ({
      target: { '@odata.type': `#microsoft.graph.${type}AssignmentTarget`, ...(groupId === undefined ? {} : { groupId }) },
      ...(path === APPS ? { intent: 'required' } : {}),
    });
    const assign = (...given: Json[]) => own.call('POST', `${address}/assign`, { [member]: given });
    const assigned = async () => (await own.list(`${address}/assignments`)).map(({ target }) => target);
    expect(await assigned()).toEqual([]);
    expect((await assign(to('group', group), to('allLicensedUsers'))).status).toBe(member === 'assignments' ? 200 : 204);
    expect(await assigned()).toMatchObject([to('group', group).target, to('allLicensedUsers').target]);
    expect((await assign(to('allDevices'), to('exclusionGroup', group))).status).toBeLessThan(300);
    const before = await assigned();
    expect(before).toMatchObject([to('allDevices').target, to('exclusionGroup', group).target]);
    for (const bad of [[to('group', randomUUID())], [to('group')], [to('planet')], [to('group', group), to('exclusionGroup', group)]])
      expect(errorOf(await assign(...bad))).toMatchObject({ status: 400, code: 'BadRequest' });
    expect(await assigned()).toEqual(before);
    expect((await own.get(`${address}?$expand=assignments`)).assignments).toMatchObject(before.map((target) => ({ target })));
  });
});

describe('what cannot be made', () => {
  it.each([
    ['a configuration of an unknown type', CONFIGURATIONS, { '@odata.type': '#microsoft.graph.iosCustomConfiguration', displayName: 'X' }],
    ['a type of beta in v1.0', CONFIGURATIONS, { '@odata.type': '#microsoft.graph.windowsWifiConfiguration', displayName: 'X', ssid: 'A' }],
    ['a configuration without a name', CONFIGURATIONS, { '@odata.type': '#microsoft.graph.windows10CustomConfiguration' }],
    [
      'a setting of an unknown type',
      CONFIGURATIONS,
      custom('X', { omaSettings: [setting({ '@odata.type': '#microsoft.graph.omaSetting' })] }),
    ],
    ['a setting whose value has another type', CONFIGURATIONS, custom('X', { omaSettings: [setting({ value: 'one' })] })],
    ['a setting that is no LocURI', CONFIGURATIONS, custom('X', { omaSettings: [setting({ omaUri: 'Device/A' })] })],
    ['an app of an unknown type', APPS, { '@odata.type': '#microsoft.graph.iosLobApp', displayName: 'X' }],
    ['an MSI without a product code', APPS, { '@odata.type': '#microsoft.graph.windowsMobileMSI', displayName: 'X' }],
    ['a script without content', SCRIPTS, { displayName: 'X' }],
    ['a script that is no base64', SCRIPTS, { ...script('X'), scriptContent: 'who am I' }],
    ['a compliance policy of an unknown type', COMPLIANCE, { '@odata.type': '#microsoft.graph.iosCompliancePolicy', displayName: 'X' }],
    ['a demand that is no version', COMPLIANCE, { ...compliance('X'), osMinimumVersion: 'Windows 11' }],
  ])('%s: 400', async (_what, path, body) => {
    expect(errorOf(await (await client()).call('POST', path, body))).toMatchObject({ status: 400, code: 'BadRequest' });
  });

  it.each([
    ['no certificate', { '@odata.type': '#microsoft.graph.windows81TrustedRootCertificate' }],
    ['what is none', { '@odata.type': '#microsoft.graph.windows81TrustedRootCertificate', trustedRootCertificate: 'AAAA' }],
    [
      'a network without a passphrase',
      { '@odata.type': '#microsoft.graph.windowsWifiConfiguration', ssid: 'A', wifiSecurityType: 'wpa2Personal' },
    ],
  ])('a profile with %s: 400', async (_what, body) => {
    const path = CONFIGURATIONS.replace('v1.0', 'beta');
    expect(errorOf(await (await client()).call('POST', path, { displayName: 'X', ...body }))).toMatchObject({
      status: 400,
      code: 'BadRequest',
    });
  });
});

describe('enrollment configurations', () => {
  const idOf = async (own: GraphClient, type: string): Promise<string> => {
    const all = await own.list(ENROLLMENT);
    return `${ENROLLMENT}/${String(all.find((entry) => entry['@odata.type'] === `#microsoft.graph.${type}`)?.id)}`;
  };

  it('are the tenant’s page, limit and restrictions', async () => {
    const own = await client();
    expect(await own.get(await idOf(own, 'windows10EnrollmentCompletionPageConfiguration'))).toMatchObject({
      displayName: 'All users and all devices',
      priority: 0,
      showInstallationProgress: true,
      installProgressTimeoutInMinutes: 60,
      blockDeviceSetupRetryByUser: false,
      selectedMobileAppIds: [],
    });
    expect(await own.get(await idOf(own, 'deviceEnrollmentLimitConfiguration'))).toMatchObject({ limit: 15 });
    expect((await own.call('GET', `${ENROLLMENT}/${randomUUID()}`)).status).toBe(404);
    expect((await own.call('GET', `${ENROLLMENT}?$filter=priority eq 0`)).status).toBe(400);
  });

  it('change what enrollment does', async () => {
    const own = await client();
    const path = await idOf(own, 'deviceEnrollmentPlatformRestrictionsConfiguration');
    const enroll = async () => enrollWhiteGlove(cloud(), own.lab, await joinedAutopilotDevice(cloud(), own.lab));
    const block = (platformBlocked: boolean) => own.call('PATCH', path, { windowsRestriction: { platformBlocked } });
    expect((await block(true)).status).toBe(200);
    expect(refusalOf(await enroll()).errorType).toBe('DeviceNotSupported');
    expect((await block(false)).json()).toMatchObject({
      windowsRestriction: { platformBlocked: false, personalDeviceEnrollmentBlocked: false },
    });
    expect((await enroll()).status).toBe(200);
  });

  it('change the page that a device is sent', async () => {
    const own = await client();
    const path = await idOf(own, 'windows10EnrollmentCompletionPageConfiguration');
    const change = { installProgressTimeoutInMinutes: 90, allowDeviceUseOnInstallFailure: true, customErrorMessage: 'Call us' };
    expect((await own.call('PATCH', path, change)).json()).toMatchObject(change);
    const answer = await enrollWhiteGlove(cloud(), own.lab, await joinedAutopilotDevice(cloud(), own.lab));
    expect(nodesOf(answer)).toMatchObject({ TimeOutUntilSyncFailure: '90', BlockInStatusPage: '7', CustomErrorText: 'Call us' });
    expect((await own.call('PATCH', path, { installProgressTimeoutInMinutes: 0 })).status).toBe(400);
    expect((await own.call('PATCH', await idOf(own, 'deviceEnrollmentLimitConfiguration'), { limit: 16 })).status).toBe(400);
  });
});
