import { decodeCertificate, nameOids, nameValues, subjectCommonName } from '@greenscreen/crypto/x509';
import { mdm } from '@greenscreen/mdm';
import { FleetHost } from '@greenscreen/model/fleet';
import { ManagedDevice } from '@greenscreen/model/intune';
import { MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { dmBatch, DmCommand, queueCommands, queueDeviceAction } from '@greenscreen/model/mdm-session';
import { Tenant } from '@greenscreen/model/tenancy';
import { decodeOrbitConfig, decodeOrbitNodeKey, encodeOrbitEnrollment, fleetPaths } from '@greenscreen/wire/fleet';
import { decodeDiscoverResponse } from '@greenscreen/wire/mde2';
import { decodeEnrollmentFault } from '@greenscreen/wire/soap';
import { decodeSyncMessage, type Status } from '@greenscreen/wire/syncml';
import { decodeProvisioningDocument } from '@greenscreen/wire/wap';
import { decodeResponseCollection } from '@greenscreen/wire/wstep';
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type TestResponse, useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { entra, FleetTestClient, fleetOf, opaque, orbit, orbitHost, programmatic } from './fleet.support.js';
import { managedDevice, namesOf, reactions } from './session.support.js';
import { getPolicies, refusalOf, userToken } from './support.js';

const cloud = useCloud(mdm);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
});
const em = () => cloud().context.dataSource.manager;

const orbitKey = async (host = orbitHost(), at = lab): Promise<string> =>
  decodeOrbitNodeKey((await orbit(cloud(), at, 'orbitEnroll', encodeOrbitEnrollment(host))).text());
const config = (key: string, at = lab): Promise<TestResponse> => orbit(cloud(), at, 'orbitConfig', JSON.stringify({ orbit_node_key: key }));
const client = (token: ConstructorParameters<typeof FleetTestClient>[2], at = lab) => new FleetTestClient(cloud, at, token);
const newClient = async (at = lab) => client(programmatic(await orbitKey(orbitHost(), at)), at);
const enrollmentOf = ({ deviceId }: FleetTestClient) =>
  em().findOneByOrFail(MdmEnrollment, { dmDeviceId: deviceId, tenantId: lab.tenant.id });
const status = (msgRef: number, cmdRef: string, cmd: string): Status => ({
  verb: 'Status',
  cmdId: String(Number(cmdRef) + 100),
  msgRef: String(msgRef),
  cmdRef,
  cmd,
  targetRefs: [],
  sourceRefs: [],
  code: 200,
  items: [],
});

describe('Fleet: the agent', () => {
  it('04-59 the configuration asks for an enrollment until there is one, and for a departure when management ends', async () => {
    const key = await orbitKey();
    const before = await config(key);
    expect(before.status).toBe(200);
    expect(before.json()).toEqual({
      notifications: {
        needs_programmatic_windows_mdm_enrollment: true,
        windows_mdm_discovery_endpoint: `${fleetOf(lab)}/api/mdm/microsoft/discovery`,
      },
    });
    await client(programmatic(key)).enroll();
    expect((await config(key)).json()).toEqual({ notifications: {} });
    await em().update(Tenant, { id: lab.tenant.id }, { switches: { 'mdm.fleet.enabled': false } });
    expect((await config(key)).json()).toEqual({ notifications: { needs_programmatic_windows_mdm_unenrollment: true } });
    expect((await config(await orbitKey())).json()).toEqual({ notifications: {} });
    await em().update(Tenant, { id: lab.tenant.id }, { switches: {} });
    expect(decodeOrbitConfig((await config(await orbitKey(orbitHost({ platform: 'darwin' })))).text())).toEqual({ unenroll: false });
  });

  it('04-59 a wrong secret, an unknown key and unreadable JSON are refused with an error text', async () => {
    const refused = async (answer: Promise<TestResponse>) => [(await answer).status, (await answer).json()];
    const error = { error: expect.any(String) as unknown };
    expect(await refused(orbit(cloud(), lab, 'orbitEnroll', encodeOrbitEnrollment(orbitHost({ enrollSecret: 'x' }))))).toEqual([
      401,
      error,
    ]);
    expect(await refused(config('nobody'))).toEqual([401, error]);
    for (const body of ['{', '[]', '{"enroll_secret":1,"hardware_uuid":"a"}', '{"enroll_secret":"lab-secret"}'])
      expect(await refused(orbit(cloud(), lab, 'orbitEnroll', body))).toEqual([400, error]);
    const nowhere = { ...lab, domain: 'nobody.example' };
    expect(await refused(config('x', nowhere))).toEqual([404, error]);
  });

  it('04-59 an agent that enrolls again gets another key; the first one is no longer good', async () => {
    const host = orbitHost();
    const [first, second] = [await orbitKey(host), await orbitKey(host)];
    expect([(await config(first)).status, (await config(second)).status]).toEqual([401, 200]);
    expect(await em().countBy(FleetHost, { tenantId: lab.tenant.id, hardwareUuid: host.hardwareUuid.toLowerCase() })).toBe(1);
  });

  it("04-59 one tenant's key is nothing at another tenant's server", async () => {
    const other = await newTenant(cloud());
    expect((await config(await orbitKey(), other)).status).toBe(401);
  });
});

describe('Fleet: enrollment', () => {
  it('04-60 Discover offers OnPremise only, version 4.0, addresses of this server', async () => {
    const url = fleetOf(lab) + fleetPaths.discovery;
    const probe = await cloud().request(url);
    expect([probe.status, probe.body.length]).toEqual([200, 0]);
    const answer = await (await newClient()).discover();
    expect(decodeDiscoverResponse(answer.body)).toEqual({
      authPolicy: 'OnPremise',
      enrollmentVersion: '4.0',
      enrollmentPolicyServiceUrl: fleetOf(lab) + fleetPaths.policy,
      enrollmentServiceUrl: fleetOf(lab) + fleetPaths.enroll,
      authenticationServiceUrl: undefined,
    });
  });

  it('04-60 the programmatic client enrolls and gets what is queued, by CmdID', async () => {
    const fleet = await newClient();
    const answer = await fleet.enroll();
    const { account, certificates, nodes } = decodeProvisioningDocument(decodeResponseCollection(answer.body));
    expect(account).toMatchObject({ providerId: 'Fleet', address: fleetOf(lab) + fleetPaths.management });
    expect(account.certificate).toEqual({ subject: `CN=${fleet.hardwareId}`, store: 'User' });
    const { subject } = decodeCertificate(certificates.device.der);
    expect([nameValues(subject, nameOids.ou), nameValues(subject, nameOids.cn)]).toEqual([['Fleet'], [fleet.hardwareId]]);
    const provider = './Device/Vendor/MSFT/DMClient/Provider/Fleet';
    expect(nodes).toEqual(
      expect.arrayContaining([
        { uri: `${provider}/Poll/NumberOfFirstRetries`, format: 'int', data: '0' },
        { uri: `${provider}/Poll/IntervalForFirstSetOfRetries`, format: 'int', data: '1' },
      ]),
    );
    expect(nodes.filter(({ uri }) => uri.includes('FirstSyncStatus') || uri.includes('EnrollmentStatusTracking'))).toEqual([]);

    const enrollment = await enrollmentOf(fleet);
    const owner = { enrollmentId: enrollment.id, tenantId: lab.tenant.id, at: new Date() };
    await queueCommands(em(), owner, {
      verb: 'Replace',
      uri: './Device/Vendor/MSFT/Personalization/DesktopImageUrl',
      format: 'chr',
      data: 'https://example.com/a.png',
      purpose: 'custom',
      batch: dmBatch.inventory,
    });
    const commands = await fleet.startManagementSession();
    expect([...commands]).toEqual([
      ['1', 'Status'],
      ['2', 'Status'],
      ['3', 'Status'],
      ['4', 'Status'],
      ['5', 'Replace'],
      ['6', 'Get'],
      ['7', 'Get'],
    ]);
    const next = await fleet.sendResponse([
      status(1, '0', 'SyncHdr'),
      status(1, '5', 'Replace'),
      status(1, '6', 'Get'),
      status(1, '7', 'Get'),
    ]);
    expect([...next.values()]).toContain('Atomic');
    // Nothing is lost in a map by CmdID, members of the Atomic included.
    expect(new Set(fleet.numbers).size).toBe(fleet.numbers.length);
    expect(await em().findOneByOrFail(DmCommand, { enrollmentId: enrollment.id, purpose: 'custom' })).toMatchObject({
      state: 'done',
      status: 200,
    });
    // The second session counts on from the first, and asks for nothing twice.
    const second = await fleet.startManagementSession();
    expect([...second.values()]).not.toContain('Get');
    expect((await enrollmentOf(fleet)).state).toBe('firstSync');
    expect(await em().findOneByOrFail(ManagedDevice, { id: enrollment.id })).toMatchObject({
      deviceName: 'DESKTOP-F1',
      serialNumber: 'LAB-F1',
    });
  });

  it('04-60 the automatic client enrolls with a token of ours; with one of its own only where nobody verifies', async () => {
    await client(entra(await userToken(cloud(), lab))).enroll();
    const foreign = selfSigned({ upn: lab.user.upn, tid: 'tenant_id', unique_name: 'foo_bar', scp: 'mdm_delegation' });
    await expect(client(entra(foreign)).enroll()).rejects.toThrow('s:Authentication');
    const lax = await newTenant(cloud(), { 'mdm.fleet.verifyTokenSignature': false });
    const claims = { upn: lax.user.upn, tid: 'tenant_id', unique_name: 'foo_bar', scp: 'mdm_delegation' };
    const fleet = client(entra(selfSigned(claims)), lax);
    await fleet.enroll();
    expect((await fleet.startManagementSession()).size).toBeGreaterThan(0);
    expect(await em().findOneByOrFail(ManagedDevice, { tenantId: lax.tenant.id })).toMatchObject({ userPrincipalName: lax.user.upn });
    for (const change of [{ scp: 'other' }, { upn: 'nobody@nowhere.example' }, { tid: 1 }, { unique_name: undefined }])
      await expect(client(entra(selfSigned({ ...claims, ...change })), lax).enroll()).rejects.toThrow('s:Auth');
    // Intune's own addresses verify all the same.
    const intune = await getPolicies(cloud(), selfSigned({ ...claims, tid: lax.tenant.id }));
    expect(refusalOf(intune)).toMatchObject({ subcode: 's:Authentication' });
  });

  it('04-60 a token of the sign-in page enrolls its user', async () => {
    const page = await cloud().request(
      `${fleetOf(lab)}${fleetPaths.auth}?appru=${encodeURIComponent('ms-app://windows.immersivecontrolpanel')}&login_hint=${encodeURIComponent(lab.user.upn)}`,
    );
    const literal = /inputToken\.value = '([^']*)'/.exec(page.text())?.[1] ?? '';
    const text = JSON.parse(`"${literal}"`) as string;
    const fleet = client({ ...opaque({ kind: 'automatic', authToken: '' }), text });
    await fleet.enroll();
    expect(await enrollmentOf(fleet)).toMatchObject({ enrolledBy: lab.user.id });
    await expect(client(opaque({ kind: 'automatic', authToken: 'guess' })).enroll()).rejects.toThrow('s:Authentication');
  });

  it('04-60 of one host, one request enrolls; the next one finds it managed, until it has left', async () => {
    const key = await orbitKey();
    const both = await Promise.all([client(programmatic(key)).request(), client(programmatic(key)).request()]);
    expect(both.map((answer) => answer.text().includes('host is not elegible for Windows MDM enrollment')).sort()).toEqual([false, true]);
    const { enrollmentId } = await em().findOneByOrFail(FleetHost, {
      tenantId: lab.tenant.id,
      nodeKeyHash: createHash('sha256').update(key).digest('hex'),
    });
    await em().update(MdmEnrollment, { id: enrollmentId ?? '' }, { state: 'retired' });
    expect(decodeOrbitConfig((await config(key)).text()).discoveryEndpoint).toBeDefined();
    await client(programmatic(key)).enroll();
  });

  it('04-60 Source says who speaks; a certificate is not needed, but a foreign one is refused', async () => {
    const fleet = await newClient();
    const { certificates } = decodeProvisioningDocument(decodeResponseCollection((await fleet.enroll()).body));
    const say = (certificate?: Buffer, source: string = fleet.deviceId) => fleet.send(fleet.message(1, 1, [], source), certificate);
    expect((await say()).status).toBe(200);
    expect((await say(certificates.device.der)).status).toBe(200);
    expect((await say((await managedDevice(cloud(), lab)).certificate)).status).toBe(403);
    expect((await say(Buffer.from('no certificate'))).status).toBe(403);
    expect((await say(undefined, randomUUID())).status).toBe(403);
    // Devices of Intune's routes have no place here, whatever they are called.
    const intune = await managedDevice(cloud(), lab);
    const { dmDeviceId } = await em().findOneByOrFail(MdmEnrollment, { id: intune.id });
    expect((await say(undefined, dmDeviceId)).status).toBe(403);
    expect(subjectCommonName(decodeCertificate(certificates.device.der))).toBe(fleet.hardwareId);
  });

  it('04-60 unenroll is delivered, and ends it', async () => {
    const fleet = await newClient();
    await fleet.enroll();
    const enrollment = await enrollmentOf(fleet);
    await em().transaction((tx) => queueDeviceAction(tx, enrollment.id, 'retire', new Date()));
    const answer = decodeSyncMessage((await fleet.send(fleet.message(1, 1, []))).body);
    expect(namesOf(answer)).toEqual(['Exec ./Vendor/MSFT/DMClient/Provider/Fleet/Unenroll']);
    await fleet.send(fleet.message(1, 2, reactions(answer, {})));
    expect((await enrollmentOf(fleet)).state).toBe('retired');
    expect((await fleet.send(fleet.message(2, 1, []))).status).toBe(403);
  });
});

describe('Fleet: refusals', () => {
  const isFault = (answer: TestResponse): void => {
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/soap+xml; charset=utf-8']);
    for (const tag of ['s:fault', 's:value', 's:text']) expect(answer.text()).toContain(`<${tag}`);
    // Windows finds none in it, and reports 0x801900C8.
    expect(decodeEnrollmentFault(answer.body)).toBeUndefined();
  };

  it('04-61 faults are HTTP 200 and lower case; a missing item is named', async () => {
    const missing = await (await newClient()).request({ DeviceType: undefined });
    isFault(missing);
    expect(missing.text()).toContain('ContextItem item DeviceType is not present');
    for (const item of ['DeviceID', 'EnrollmentType', 'OSVersion', 'HWDevID', 'OSEdition'])
      expect((await (await newClient()).request({ [item]: undefined })).text()).toContain(`ContextItem item ${item} is not present`);
    const unknown = await client(programmatic('nobody')).request();
    isFault(unknown);
    expect(unknown.text()).toContain('host data cannot be found');
    const server = await client(programmatic(await orbitKey(orbitHost({ platform: 'linux' })))).request();
    isFault(server);
    expect(server.text()).toContain('host is not elegible for Windows MDM enrollment');
  });

  it('04-61 Discover wants a version that it knows and OnPremise; tokens and messages of no kind are faults too', async () => {
    const fleet = await newClient();
    for (const requestVersion of ['3.0', '9.0', 'x']) isFault(await fleet.discover({ requestVersion }));
    isFault(await fleet.discover({ authPolicies: ['Federated'] }));
    for (const requestVersion of ['4.0', '5.0', '6.0', '7.0'])
      expect((await fleet.discover({ requestVersion })).text()).not.toContain('s:fault');
    for (const token of ['{', '{"type":3,"payload":{}}', '{"type":1}', '{"type":1,"payload":{"orbit_node_key":""}}'])
      isFault(await client({ ...programmatic(''), text: token }).policies());
    for (const path of [fleetPaths.discovery, fleetPaths.policy, fleetPaths.enroll])
      for (const body of ['', '<a', '{}', '<!DOCTYPE a><a/>'])
        isFault(await cloud().request(fleetOf(lab) + path, { method: 'POST', body }));
  });
});

describe('Fleet: pages', () => {
  const page = (path: string, query: Record<string, string>) =>
    cloud().request(`${fleetOf(lab)}${path}?${new URLSearchParams(query).toString()}`);

  it('04-62 the sign-in page posts a token to the app', async () => {
    const appru = 'ms-app://windows.immersivecontrolpanel';
    expect((await page(fleetPaths.auth, { appru })).status).toBe(500);
    expect((await page(fleetPaths.auth, { login_hint: lab.user.upn })).status).toBe(500);
    expect((await page(fleetPaths.auth, { appru: 'https://elsewhere.example', login_hint: lab.user.upn })).status).toBe(500);
    for (const login_hint of [lab.user.upn, 'nobody@nowhere.example']) {
      const answer = await page(fleetPaths.auth, { appru, login_hint });
      expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/html; charset=UTF-8']);
      for (const part of [`form.action = "${appru}"`, "inputToken.name = 'wresult'", 'performPost()'])
        expect(answer.text()).toContain(part);
    }
    const hostile = (await page(fleetPaths.auth, { appru: `${appru}"</script><script>alert(1)`, login_hint: 'a' })).text();
    expect(hostile.match(/<script>/g)).toHaveLength(1);
  });

  it('04-62 the terms page accepts with the request’s id', async () => {
    const redirect_uri = 'ms-appx-web://Microsoft.AAD.BrokerPlugin';
    const answer = await page(fleetPaths.terms, { redirect_uri, 'client-request-id': 'abc-1' });
    expect(answer.status).toBe(200);
    expect(answer.text()).toContain('IsAccepted=true&OpaqueBlob=abc-1');
    expect((await page(fleetPaths.terms, { 'client-request-id': 'abc-1' })).status).toBe(400);
    expect((await page(fleetPaths.terms, { redirect_uri: 'https://elsewhere.example' })).status).toBe(400);
  });
});

/** HS256 with a key of the client's own. */
function selfSigned(claims: Record<string, unknown>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${input}.${createHmac('sha256', 'foo').update(input).digest('base64url')}`;
}
