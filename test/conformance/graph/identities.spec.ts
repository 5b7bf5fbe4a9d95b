import { beforeAll, describe, expect, it } from '@jest/globals';
import { graph } from '@greenscreen/graph';
import { sts } from '@greenscreen/sts';
import { useCloud } from '../../support/cloud.js';
import { newTenant } from '../../support/tenant.js';
import { appToken, BETA, errorOf, GraphClient, listOf, newDevice, nextOf, objectOf, userToken } from './support.js';

const IDENTITIES = '/beta/deviceManagement/windowsAutopilotDeviceIdentities';

describe('registered devices', () => {
  const cloud = useCloud(sts, graph);
  const client = async (switches = {}) => GraphClient.of(cloud(), await newTenant(cloud(), switches));
  let shared: GraphClient;
  let ztdId: string;
  let serial: string;

  beforeAll(async () => {
    shared = await client();
    const device = newDevice({}, { serial: `MOCK O'K-${Date.now()}` });
    serial = device.serial;
    ztdId = await shared.register(device.hash);
  });

  it('01-22 paths compare without regard to case; a trailing slash is legal; keys may stand in brackets', async () => {
    const own = { id: ztdId, serialNumber: serial };
    expect(await shared.get(`/beta/devicemanagement/WINDOWSAUTOPILOTDEVICEIDENTITIES/${ztdId}`)).toMatchObject(own);
    expect(await shared.get(`${IDENTITIES}('${ztdId}')`)).toMatchObject(own);
    expect(await shared.list(`${IDENTITIES}/?$filter=contains(serialNumber,'MOCK')`)).toMatchObject([own]);
    expect(errorOf(await shared.call('GET', `${IDENTITIES}/00000000-0000-4000-8000-000000000000`))).toMatchObject({
      status: 404,
      code: 'ResourceNotFound',
    });
    expect(errorOf(await shared.call('GET', `${IDENTITIES}/nonsense`)).status).toBe(404);
  });

  it('01-23 filters by part of the serial number; a blank in it is refused only by graph.strictSpaces', async () => {
    const matching = async (filter: string) =>
      (await shared.list(`${IDENTITIES}?$filter=${encodeURIComponent(filter)}`)).map(({ id }) => id);
    expect(await matching("contains(serialNumber,'OCK O''K-')")).toEqual([ztdId]);
    expect(await matching("startsWith(serialNumber, 'mock')")).toEqual([ztdId]);
    expect(await matching("SERIALNUMBER eq 'nothing'")).toEqual([]);
    expect(await matching(`id eq '${ztdId}' and enrollmentState eq microsoft.graph.enrollmentState'notContacted'`)).toEqual([ztdId]);
    expect(await matching(`not (groupTag eq 'Kiosk') and managedDeviceId eq 00000000-0000-0000-0000-000000000000`)).toEqual([ztdId]);
    expect(await matching("contains(serialNumber,'%')")).toEqual([]);
    const strict = await client({ 'graph.strictSpaces': true });
    expect(await strict.list(`${IDENTITIES}?$filter=contains(serialNumber,'a')`)).toEqual([]);
    const refused = await strict.call('GET', `${IDENTITIES}?$filter=${encodeURIComponent("contains(serialNumber,'a b')")}`);
    expect(errorOf(refused)).toMatchObject({ status: 400, code: 'BadRequest' });
  });

  it.each([
    "$filter=nonsense eq 'x'",
    '$filter=serialNumber eq',
    '$top=x',
    '$skiptoken=AAAA',
    '$orderby=nonsense',
    "$filter=displayName/any(x:x eq 'y')",
  ])('refuses the query %s', async (query) => {
    expect(errorOf(await shared.call('GET', `${IDENTITIES}?${query}`))).toMatchObject({ status: 400, code: 'BadRequest' });
  });

  it('01-24 pages of two: absolute links, none on the last page, nothing twice', async () => {
    const paged = await client({ 'graph.pageSize': 2 });
    const all: string[] = [];
    for (let count = 0; count < 5; count++) all.push(await paged.register());
    const seen: unknown[] = [];
    const sizes: number[] = [];
    for (let url = `${IDENTITIES}?$select=id,serialNumber`; url;) {
      const page = await paged.get(url);
      seen.push(...listOf(page).map(({ id }) => id));
      sizes.push(listOf(page).length);
      url = nextOf(page);
      if (url) expect(url).toMatch(/^https:\/\/graph\.microsoft\.com\/beta\/.*\$skiptoken=/);
      else expect('@odata.nextLink' in page).toBe(false);
    }
    expect(sizes).toEqual([2, 2, 1]);
    expect([...seen].sort()).toEqual([...all].sort());
    expect(listOf(await paged.get(`${IDENTITIES}?$top=1&$orderby=serialNumber desc&$count=true`))).toHaveLength(1);
    const ordered: unknown[] = [];
    for (let url = `${IDENTITIES}?$orderby=serialNumber desc`; url;) {
      const page = await paged.get(url);
      ordered.push(...listOf(page).map(({ serialNumber }) => serialNumber));
      url = nextOf(page);
    }
    expect(ordered).toEqual([...ordered].sort().reverse());
    expect(ordered).toHaveLength(5);
  });

  it('01-25 expanded profiles are there and null when there is none', async () => {
    const bare = await client();
    const profiles = await bare.list('/beta/deviceManagement/windowsAutopilotDeploymentProfiles');
    for (const { id } of profiles)
      for (const { id: assignment } of await bare.list(
        `/beta/deviceManagement/windowsAutopilotDeploymentProfiles/${String(id)}/assignments`,
      ))
        expect(
          (
            await bare.call(
              'DELETE',
              `/beta/deviceManagement/windowsAutopilotDeploymentProfiles/${String(id)}/assignments/${String(assignment)}`,
            )
          ).status,
        ).toBe(204);
    const identity = await bare.identity(await bare.register(), '?$expand=deploymentProfile,intendedDeploymentProfile');
    expect(identity).toMatchObject({
      deploymentProfile: null,
      intendedDeploymentProfile: null,
      deploymentProfileAssignmentStatus: 'notAssigned',
    });
    expect(await shared.identity(ztdId, '?$expand=deploymentProfile')).toMatchObject({ deploymentProfile: { displayName: 'WG-Entra' } });
    expect(await shared.identity(ztdId)).not.toHaveProperty('deploymentProfile');
  });

  it('01-26 updates what is named, with an unquoted member name', async () => {
    const own = await client();
    const id = await own.register(undefined, { groupTag: 'Office' });
    const update = (body: string) => own.call('POST', `${IDENTITIES}/${id}/UpdateDeviceProperties`, body);
    expect((await update('{ displayName: "NB-1" }')).status).toBe(204);
    expect(await own.identity(id)).toMatchObject({ displayName: 'NB-1', groupTag: 'Office' });
    expect((await update('{"displayName":"","userPrincipalName":"nobody@nowhere.example"}')).status).toBe(204);
    expect(await own.identity(id)).toMatchObject({ displayName: '', userPrincipalName: 'nobody@nowhere.example' });
    for (const body of ['{ displayName: "SIXTEEN-LETTERS-" }', '{ displayName: 1 }', '{ displayName'])
      expect(errorOf(await update(body)).status).toBe(400);
    expect(await own.identity(id)).toMatchObject({ displayName: '', groupTag: 'Office' });
  });

  it('01-27 a tag reaches the directory object, its groups and so the profile', async () => {
    const own = await client();
    const profiles = '/beta/deviceManagement/windowsAutopilotDeploymentProfiles';
    const group = await own.post('/beta/groups', {
      displayName: 'Kiosks',
      groupTypes: ['DynamicMembership'],
      membershipRule: '(device.devicePhysicalIDs -any (_ -eq "[OrderID]:Kiosk"))',
    });
    const [profile] = await own.list(`${profiles}?$filter=displayName eq 'User-Driven'`);
    await own.post(`${profiles}/${String(profile?.id)}/assignments`, {
      id: `${String(profile?.id)}_${String(group.id)}_0`,
      target: { '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId: group.id },
    });
    const id = await own.register();
    const { azureActiveDirectoryDeviceId } = await own.identity(id);
    expect(await own.list(`/v1.0/groups/${String(group.id)}/members`)).toEqual([]);
    expect((await own.call('POST', `${IDENTITIES}/${id}/updateDeviceProperties`, '{ groupTag: "Kiosk" }')).status).toBe(204);
    expect(await own.device(azureActiveDirectoryDeviceId)).toMatchObject({
      physicalIds: [`[ZTDID]:${id}`, '[OrderId]:Kiosk'],
      enrollmentProfileName: 'User-Driven',
    });
    expect(await own.list(`/v1.0/groups/${String(group.id)}/members`)).toMatchObject([{ deviceId: azureActiveDirectoryDeviceId }]);
    expect(await own.identity(id, '?$expand=deploymentProfile')).toMatchObject({
      deploymentProfileAssignmentStatus: 'assignedInSync',
      deploymentProfile: { displayName: 'User-Driven' },
    });
    await own.call('POST', `${IDENTITIES}/${id}/updateDeviceProperties`, { groupTag: '' });
    expect(await own.device(azureActiveDirectoryDeviceId)).toMatchObject({
      physicalIds: [`[ZTDID]:${id}`],
      enrollmentProfileName: 'WG-Entra',
    });
  });

  it('01-28 assigns and unassigns a user; 200 instead of 204 when the tenant wants that', async () => {
    const companion = await client({ 'graph.actionStatus': 200 });
    for (const [own, status] of [[await client(), 204] as const, [companion, 200] as const]) {
      const id = await own.register();
      const user = { userPrincipalName: own.lab.user.upn, addressableUserName: 'Anna' };
      expect((await own.call('POST', `${IDENTITIES}/${id}/assignUserToDevice`, user)).status).toBe(status);
      expect(await own.identity(id)).toMatchObject(user);
      expect((await own.call('POST', `${IDENTITIES}/${id}/unassignUserFromDevice`)).status).toBe(status);
      expect(await own.identity(id)).toMatchObject({ userPrincipalName: '', addressableUserName: '' });
    }
  });

  it('01-29 a synchronisation: 204, 409 while it runs, 429 within ten minutes, then 204', async () => {
    const own = await client({ 'graph.syncDurationMs': 5000 });
    const settings = '/beta/deviceManagement/windowsAutopilotSettings';
    const sync = () => own.call('POST', `${settings}/sync`);
    expect((await sync()).status).toBe(204);
    expect(await own.get(settings)).toMatchObject({ syncStatus: 'inProgress' });
    expect(errorOf(await sync())).toMatchObject({ status: 409 });
    await cloud().context.clock.advance(own.lab.tenant.id, 6000);
    expect(await own.get(settings)).toMatchObject({ syncStatus: 'completed' });
    const early = await sync();
    expect(errorOf(early)).toMatchObject({ status: 429 });
    expect(Number(early.headers['retry-after'])).toBeGreaterThan(590);
    await cloud().context.clock.advance(own.lab.tenant.id, 600_000);
    expect((await sync()).status).toBe(204);
    const eager = await client({ 'graph.syncMinIntervalSec': 0 });
    for (let count = 0; count < 2; count++) expect((await eager.call('POST', `${settings}/sync`)).status).toBe(204);
  });

  it('01-33 01-34 a token asked for with capitalised fields, sent without a scheme', async () => {
    const { tenant, clientId, clientSecret } = shared.lab;
    const form = new URLSearchParams({
      Grant_Type: 'client_credentials',
      Scope: 'https://graph.microsoft.com/.default',
      Client_Id: clientId,
      Client_Secret: clientSecret,
    });
    const answer = objectOf(
      await cloud().request(`https://login.microsoftonline.com/${tenant.id}/oauth2/v2.0/token`, { body: form.toString() }),
      200,
    );
    const bare = await cloud().request(`${BETA}/windowsAutopilotDeviceIdentities`, {
      headers: { authorization: String(answer.access_token) },
    });
    expect(listOf(objectOf(bare, 200))).toMatchObject([{ id: ztdId }]);
  });

  it('version 1.0 lacks the assignment and the remediation, and beta actions', async () => {
    const identity = await shared.get(`/v1.0/deviceManagement/windowsAutopilotDeviceIdentities/${ztdId}`);
    expect(identity).toMatchObject({ id: ztdId, enrollmentState: 'notContacted' });
    expect(Object.keys(identity).filter((name) => /^(deploymentProfile|remediation|azureAdDeviceId|userless)/.test(name))).toEqual([]);
    const missing = await shared.call('POST', `/v1.0/deviceManagement/windowsAutopilotDeviceIdentities/${ztdId}/allowNextEnrollment`);
    expect(errorOf(missing).status).toBe(400);
    expect(errorOf(await shared.call('GET', '/v1.0/deviceManagement/windowsAutopilotDeploymentProfiles')).status).toBe(400);
    expect(errorOf(await shared.call('GET', '/v2.0/devices')).status).toBe(400);
  });

  it('refuses tokens for others, of nobody, and of people without a role', async () => {
    const send = async (authorization: string) =>
      cloud().request(`${BETA}/windowsAutopilotDeviceIdentities`, { headers: { authorization } });
    for (const change of [{ aud: 'https://enrollment.manage.microsoft.com/' }, { exp: 1 }, { tid: '00000000-0000-4000-8000-000000000000' }])
      expect(errorOf(await send(await appToken(cloud(), shared.lab, change)))).toMatchObject({
        status: 401,
        code: 'InvalidAuthenticationToken',
      });
    expect(errorOf(await send('Bearer x.y.z'))).toMatchObject({ status: 401 });
    expect(errorOf(await send(await userToken(cloud(), shared.lab)))).toMatchObject({ status: 403, code: 'Forbidden' });
    const administrator = await userToken(cloud(), shared.lab, { wids: ['62e90394-69f5-4237-9190-012177145e10'] });
    expect((await send(administrator)).status).toBe(200);
  });

  it('keeps tenants apart', async () => {
    const stranger = await client();
    for (const [method, path] of [
      ['GET', ztdId],
      ['DELETE', ztdId],
      ['POST', `${ztdId}/updateDeviceProperties`],
      ['POST', `${ztdId}/allowNextEnrollment`],
    ] as const)
      expect(errorOf(await stranger.call(method, `${IDENTITIES}/${path}`)).status).toBe(404);
    expect(await shared.identity(ztdId)).toMatchObject({ id: ztdId });
  });
});
