import { describe, expect, it } from '@jest/globals';
import { graph } from '@greenscreen/graph';
import { useCloud } from '../../support/cloud.js';
import { newTenant } from '../../support/tenant.js';
import { appToken, errorOf, GraphClient, importBody, type Json, newDevice, objectOf, stateOf } from './support.js';

const IDENTITIES = '/beta/deviceManagement/windowsAutopilotDeviceIdentities';
const PROFILES = '/beta/deviceManagement/windowsAutopilotDeploymentProfiles';
const IMPORTS = '/beta/deviceManagement/importedWindowsAutopilotDeviceIdentities';

interface Batched extends Json {
  readonly id: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body?: Json;
}

describe('how Graph is spoken', () => {
  const cloud = useCloud(graph);
  const client = async (switches = {}) => GraphClient.of(cloud(), await newTenant(cloud(), switches));
  const batch = async (own: GraphClient, requests: Json[], version = 'beta'): Promise<Batched[]> =>
    objectOf(await own.call('POST', `/${version}/$batch`, { requests }), 200).responses as Batched[];

  it('runs a batch in order, each request with its own answer', async () => {
    const own = await client();
    const json = { 'Content-Type': 'application/json' };
    const answers = await batch(own, [
      { id: '1', method: 'GET', url: '/organization?$select=id' },
      { id: 'import', method: 'POST', url: IMPORTS.replace('/beta', ''), headers: json, body: importBody(newDevice().hash) },
      { id: '3', method: 'GET', url: 'deviceManagement/windowsAutopilotDeviceIdentities/00000000-0000-4000-8000-000000000000' },
      { id: '4', method: 'GET', url: '/domains', dependsOn: ['3'] },
      { id: '5', method: 'GET', url: `/deviceManagement/importedWindowsAutopilotDeviceIdentities`, dependsOn: ['import'] },
      { id: '6', method: 'POST', url: '/$batch', headers: json, body: { requests: [{ id: '1', method: 'GET', url: '/domains' }] } },
      { id: '7', method: 'GET', url: '/organization', headers: { Authorization: 'Bearer x' } },
      { id: '9', method: 'GET', url: '/v1.0/deviceManagement/autopilotEvents' },
      { id: '10', method: 'GET', url: 'https://graph.microsoft.com/v1.0/domains' },
      { id: '8', method: 'GET', url: "/groups?$filter=displayName eq 'Büro 1'", headers: { Host: 'x', 'Content-Length': '9' } },
    ]);
    expect(answers.map(({ id, status }) => [id, status])).toEqual([
      ['1', 200],
      ['import', 201],
      ['3', 404],
      ['4', 424],
      ['5', 200],
      ['6', 400],
      ['7', 401],
      ['9', 400],
      ['10', 200],
      ['8', 200],
    ]);
    expect(answers[0]?.body).toMatchObject({ value: [{ id: own.lab.tenant.id }] });
    expect(answers[1]?.body).toMatchObject({ state: { deviceImportStatus: 'unknown' } });
    expect(answers[4]?.body).toMatchObject({ value: [{ state: { deviceImportStatus: 'complete' } }] });
    expect(answers[0]?.headers['Content-Type']).toContain('application/json');
  });

  it('refuses batches of more than 20, with an id twice, or without a token', async () => {
    const own = await client();
    const get = (id: number): Json => ({ id: String(id), method: 'GET', url: '/domains' });
    const numbers = Array.from({ length: 21 }, (_, index) => index);
    expect(await batch(own, numbers.slice(1).map(get), 'v1.0')).toHaveLength(20);
    for (const requests of [
      numbers.map(get),
      [get(1), get(1)],
      [{ ...get(1), dependsOn: ['2'] }, get(2)],
      [],
      [{ id: '1', url: '/domains' }],
    ])
      expect(errorOf(await own.call('POST', '/v1.0/$batch', { requests })).status).toBe(400);
    const anonymous = await cloud().request('https://graph.microsoft.com/v1.0/$batch', { body: JSON.stringify({ requests: [get(1)] }) });
    expect(errorOf(anonymous).status).toBe(401);
  });

  it('gives entities tags: 304 for what is known, 412 for what has changed', async () => {
    const own = await client();
    const [profile] = await own.list(`${PROFILES}?$filter=displayName eq 'User-Driven'`);
    const address = `${PROFILES}/${String(profile?.id)}`;
    const first = await own.call('GET', address);
    const etag = String(first.headers.etag);
    expect(etag).toMatch(/^W\/".+"$/);
    const again = await own.call('GET', address, undefined, { 'if-none-match': etag });
    expect([again.status, again.body.length]).toEqual([304, 0]);
    expect((await own.call('PATCH', address, { description: 'a' }, { 'if-match': etag })).status).toBe(200);
    expect((await own.call('GET', address, undefined, { 'if-none-match': etag })).status).toBe(200);
    const refused = await own.call('PATCH', address, { description: 'b' }, { 'if-match': etag });
    expect(errorOf(refused)).toMatchObject({ status: 412, code: 'PreconditionFailed' });
    expect(errorOf(await own.call('DELETE', address, undefined, { 'if-match': etag })).status).toBe(412);
    expect(await own.get(address)).toMatchObject({ description: 'a' });
    expect((await own.call('DELETE', address, undefined, { 'if-match': '*' })).status).toBe(204);
    const ztdId = await own.register();
    expect(errorOf(await own.call('DELETE', `${IDENTITIES}/${ztdId}`, undefined, { 'if-match': etag })).status).toBe(412);
    const current = String((await own.call('GET', `${IDENTITIES}/${ztdId}`)).headers.etag);
    expect((await own.call('DELETE', `${IDENTITIES}/${ztdId}`, undefined, { 'if-match': current })).status).toBe(204);
  });

  it('throttles every third request when the tenant wants it, however many come at once', async () => {
    const own = await client({ 'graph.throttleEvery': 3, 'graph.throttleRetryAfterSec': 7 });
    const answers = await Promise.all(Array.from({ length: 9 }, () => own.call('GET', '/v1.0/domains')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(3);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(6);
    for (const answer of refused) {
      expect(answer.headers['retry-after']).toBe('7');
      expect(errorOf(answer)).toMatchObject({ code: 'TooManyRequests' });
    }
    const other = await client();
    for (let count = 0; count < 4; count++) expect((await other.call('GET', '/v1.0/domains')).status).toBe(200);
  });

  it('Intune writes JSON into its messages, the directory does not', async () => {
    const own = await client();
    const intune = errorOf(await own.call('GET', `${IDENTITIES}/00000000-0000-4000-8000-000000000000`));
    expect(JSON.parse(intune.message)).toMatchObject({ _version: 3, CustomApiErrorPhrase: '', RetryAfter: null, HttpHeaders: '{}' });
    const directory = errorOf(await own.call('GET', '/v1.0/devices/00000000-0000-4000-8000-000000000000'));
    expect(directory.message).toMatch(/^Resource '.*' does not exist/);
  });

  it('uploads: noUpload, then pending while a device is not through, then what became of all of them', async () => {
    const own = await client({ 'graph.importDelayMs': 60_000 });
    const uploads = '/beta/deviceManagement/importedWindowsAutopilotDeviceIdentityUploads';
    const upload = await own.post(uploads, {});
    expect(upload).toMatchObject({ status: 'noUpload' });
    const address = `${uploads}/${String(upload.id)}`;
    const record = await own.post(`${address}/deviceIdentities`, importBody(newDevice().hash));
    expect(await own.get(`${address}?$expand=deviceIdentities`)).toMatchObject({
      status: 'pending',
      deviceIdentities: [{ id: record.id }],
    });
    await cloud().context.clock.advance(own.lab.tenant.id, 61_000);
    expect(await own.get(address)).toMatchObject({ status: 'complete' });
    await own.post(`${address}/deviceIdentities`, importBody('AAAA'));
    await cloud().context.clock.advance(own.lab.tenant.id, 61_000);
    expect(await own.list(uploads)).toMatchObject([{ id: upload.id, status: 'error' }]);
    expect(errorOf(await own.call('POST', `${uploads}/${own.lab.tenant.id}/deviceIdentities`, importBody('AAAA'))).status).toBe(404);
  });

  it('a deletion takes its time when the tenant wants it', async () => {
    const own = await client({ 'graph.autopilotDeleteDelayMs': 60_000 });
    const { hash } = newDevice();
    const ztdId = await own.register(hash);
    expect((await own.call('DELETE', `${IDENTITIES}/${ztdId}`)).status).toBe(204);
    expect(await own.identity(ztdId)).toMatchObject({ id: ztdId });
    expect(stateOf(await own.import(hash))).toMatchObject({ deviceErrorCode: 806 });
    await cloud().context.clock.advance(own.lab.tenant.id, 61_000);
    expect(stateOf(await own.import(hash))).toMatchObject({ deviceImportStatus: 'complete' });
    expect(errorOf(await own.call('GET', `${IDENTITIES}/${ztdId}`)).status).toBe(404);
  });

  it('import records are gone after thirty days, their devices are not', async () => {
    const own = await client();
    const ztdId = await own.register();
    await cloud().context.clock.advance(own.lab.tenant.id, 31 * 86_400_000);
    const later = Math.floor((await cloud().context.clock.now(own.lab.tenant.id)).getTime() / 1000);
    const headers = { authorization: await appToken(cloud(), own.lab, { nbf: later - 60, exp: later + 3600 }) };
    const address = `https://graph.microsoft.com${IMPORTS}`;
    const posted = await cloud().request(address, { headers, body: JSON.stringify(importBody(newDevice().hash)) });
    const { id } = objectOf(posted, 201);
    expect(objectOf(await cloud().request(address, { headers }), 200)).toMatchObject({ value: [{ id }] });
    expect(objectOf(await cloud().request(`https://graph.microsoft.com${IDENTITIES}/${ztdId}`, { headers }), 200)).toMatchObject({
      id: ztdId,
    });
  });

  it('answers at the older directory graph, with its own names and tokens', async () => {
    const own = await client();
    const ztdId = await own.register();
    const deviceId = (await own.identity(ztdId)).azureActiveDirectoryDeviceId;
    const authorization = await appToken(cloud(), own.lab, { aud: 'https://graph.windows.net' });
    const at = (path: string, options: { method?: string; body?: string } = {}, tenant = own.lab.tenant.id) =>
      cloud().request(`https://graph.windows.net/${tenant}/${path}`, { headers: { authorization }, ...options });
    expect(objectOf(await at('tenantDetails?api-version=1.6'), 200)).toMatchObject({ value: [{ objectId: own.lab.tenant.id }] });
    const found = objectOf(await at(`devices?api-version=1.6&$filter=deviceId eq guid'${String(deviceId)}'`), 200).value as Json[];
    expect(found).toMatchObject([{ deviceId, devicePhysicalIds: [`[ZTDID]:${ztdId}`], deviceManagementAppId: null, isManaged: null }]);
    const address = `devices/${String(found[0]?.objectId)}?api-version=1.6`;
    expect((await at(address, { method: 'PATCH', body: '{"isManaged":true,"isCompliant":false}' })).status).toBe(204);
    expect(objectOf(await at(address, {}, own.lab.domain), 200)).toMatchObject({ isManaged: true, isCompliant: false });
    expect(await own.device(deviceId)).toMatchObject({ isManaged: true, isCompliant: false });
    const stranger = await newTenant(cloud());
    expect((await at(address, {}, stranger.tenant.id)).json()).toMatchObject({ 'odata.error': { code: 'Request_ResourceNotFound' } });
    const wrong = await cloud().request(`https://graph.windows.net/${own.lab.tenant.id}/devices`, {
      headers: { authorization: await appToken(cloud(), own.lab) },
    });
    expect(wrong.status).toBe(401);
  });
});
