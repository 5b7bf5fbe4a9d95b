import { graph } from '@greenscreen/graph';
import { generateKeyPair, type KeyPair, spkiOf } from '@greenscreen/crypto/keys';
import { decodeCertificate } from '@greenscreen/crypto/x509';
import { drs } from '@greenscreen/drs';
import { mdm } from '@greenscreen/mdm';
import { EntraDevice } from '@greenscreen/model/directory';
import { ManagedDevice } from '@greenscreen/model/intune';
import { MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { assignManagement, DmCommand, DmSession } from '@greenscreen/model/mdm-session';
import { Tenant } from '@greenscreen/model/tenancy';
import { sts } from '@greenscreen/sts';
import { decodeAppPackage } from '@greenscreen/wire/ime';
import { tokenTypes } from '@greenscreen/wire/soap';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { X509Certificate } from 'node:crypto';
import { useTlsCloud } from '../../support/tls-cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import {
  deviceJws,
  joinWithTool,
  openSessionAnswer,
  postFields,
  prtOf,
  sessionJws,
  srvChallenge,
  type ToolDevice,
  type ToolPrt,
} from '../drs/public-clients.support.js';
import { DRS, newKeys } from '../drs/support.js';
import { BROKER, DRS_URN, ENROLLMENT, JWT_BEARER, members, type Members, STS, text, WINDOWS_SIGN_IN } from '../sts/support.js';
import { mintTicket, registeredMachine } from '../sts/userless.support.js';
import { AadInternals } from './aadinternals.support.js';
import { type CheckIn, msiUrlsOf, profilesOf, Pytune } from './pytune.support.js';
import { getPolicies, refusalOf } from './support.js';

const cloud = useTlsCloud(sts, drs, graph, mdm);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
  await em().transaction((tx) =>
    assignManagement(
      tx,
      lab.tenant.id,
      {
        apps: [
          { id: 'w1', type: 'win32', name: 'Contoso VPN', detection: 'match', exitCode: 0, seconds: 20 },
          { id: 'l1', type: 'lob', name: 'Contoso Mail', detection: 'match', exitCode: 0, seconds: 20 },
        ],
        policies: [{ uri: './Device/Vendor/MSFT/Policy/Config/DeviceLock/DevicePasswordEnabled', value: 0 }],
      },
      cloud().context.random,
      new Date(),
    ),
  );
});
const em = () => cloud().context.dataSource.manager;
const COMPANY_PORTAL = '9ba1a5c7-f17a-4de9-a1f1-6178c8d51223';
const INTUNE_ENROLLMENT = 'd4ebce55-015a-49b5-a083-c84d1797ae8c';
const INTUNE = '0000000a-0000-0000-c000-000000000000';
const FIXED_TENANT = '645064ee-9b6e-43db-9d46-fe81a65cfdea';

const password = (more: Members): Members => ({ grant_type: 'password', username: lab.user.upn, password: lab.password, ...more });
const signed = (request: string, more: Members = {}): Members => ({ windows_api_version: '2.2', grant_type: JWT_BEARER, request, ...more });
const joinToken = async (): Promise<string> =>
  text(members(await postFields(cloud(), '/common/oauth2/token', password({ client_id: BROKER, resource: DRS_URN }))).access_token);
const join = async (attributes: Members = {}): Promise<ToolDevice> =>
  joinWithTool(cloud(), await newKeys(), {
    token: await joinToken(),
    version: '2.0',
    attributes: { attributes: { ReuseDevice: 'true', ReturnClientSid: 'true', ...attributes } },
  });

async function prt(device: ToolDevice): Promise<ToolPrt> {
  const payload = {
    client_id: WINDOWS_SIGN_IN,
    request_nonce: await srvChallenge(cloud(), FIXED_TENANT),
    scope: 'openid aza ugs',
    ...password({}),
  };
  const request = signed(deviceJws(device, payload, { x5c: 'string' }), { client_info: '1' });
  return prtOf(device, await postFields(cloud(), `/${lab.tenant.id}/oauth2/token`, request));
}

/** `prtauth` */
async function prtAuth(of: ToolPrt, clientId: string, resource: string, redirect = `ms-appx-web://Microsoft.AAD.BrokerPlugin/${clientId}`) {
  const request = {
    client_id: clientId,
    resource,
    scope: 'openid',
    redirect_uri: redirect,
    grant_type: 'refresh_token',
    refresh_token: of.token,
    request_nonce: await srvChallenge(cloud(), FIXED_TENANT),
  };
  const answer = openSessionAnswer(of, await postFields(cloud(), '/common/oauth2/token', signed(sessionJws(of, request))));
  return { access: text(answer.access_token), refresh: text(answer.refresh_token) };
}

async function deviceToken(device: ToolDevice): Promise<string> {
  const metadata = members(await cloud().request(`${STS}/${lab.domain}/.well-known/openid-configuration`));
  const tid = text(metadata.token_endpoint).split('/')[3] ?? '';
  const payload = {
    resource: ENROLLMENT,
    client_id: BROKER,
    request_nonce: await srvChallenge(cloud(), FIXED_TENANT),
    win_ver: '10.0.19041.1806',
    grant_type: 'device_token',
    scope: 'sid',
    redirect_uri: 'ms-aadj-redir://auth/mdm',
    iss: 'aad:brokerplugin',
  };
  return text(
    members(await postFields(cloud(), `/${tid}/oauth2/token`, signed(deviceJws(device, payload, { x5c: 'string' })))).access_token,
  );
}

describe('pytune', () => {
  /** `enroll_intune` of a user's device. */
  async function enrolled(): Promise<{ pytune: Pytune; of: ToolPrt; keys: KeyPair; certificate: Buffer }> {
    const device = await join();
    const of = await prt(device);
    const pytune = new Pytune(cloud, device.deviceId);
    const graphToken = await prtAuth(of, COMPANY_PORTAL, 'https://graph.microsoft.com/');
    const url = await pytune.endpoint(graphToken.access, 'WindowsEnrollment');
    const { access } = await prtAuth(of, BROKER, ENROLLMENT, 'ms-aadj-redir://auth/mdm');
    const keys = await generateKeyPair('rsa2048');
    const certificate = Buffer.from(await pytune.enroll(url, access, keys, { tid: lab.tenant.id }), 'base64');
    expect(decodeCertificate(certificate).spki.equals(spkiOf(keys.publicKey))).toBe(true);
    return { pytune, of, keys, certificate };
  }
  /** What check_compliant and retire_intune begin with. */
  async function portal(pytune: Pytune, of: ToolPrt) {
    const { access, refresh } = await prtAuth(of, COMPANY_PORTAL, 'https://graph.microsoft.com/');
    const [iw, renewal] = [await pytune.endpoint(access, 'IWService'), await pytune.endpoint(access, 'TokenRenewalService')];
    const renewed = members(
      await postFields(cloud(), '/common/oAuth2/v2.0/token', {
        client_id: COMPANY_PORTAL,
        grant_type: 'refresh_token',
        refresh_token: refresh,
        scope: `${INTUNE_ENROLLMENT}/.default openid offline_access profile`,
      }),
    );
    expect(renewed.refresh_token).toEqual(expect.any(String));
    return { iw, renewal, access: text(renewed.access_token), token: await pytune.renewedToken(renewal, text(renewed.access_token)) };
  }

  it('04-42 04-38 enrolls for a user, checks in to the end, and finds policies, packages and apps', async () => {
    const { pytune, keys, certificate } = await enrolled();
    const first = await pytune.checkIn(certificate, keys);
    expect(first.messages).toBeLessThanOrEqual(12);
    expect(first).toMatchObject({ refused: false, unenrolled: false });
    expect(first.sent.flatMap(({ Replace }) => Replace).length).toBeGreaterThan(0);
    expect(profilesOf(first).some((uri) => uri.includes('EnrollmentStatusTracking'))).toBe(true);
    const [agent, mail] = msiUrlsOf(first);
    expect(agent).toContain('IntuneWindowsAgent.msi');
    // download_msi names the file after this parameter.
    expect(new URL(mail ?? '').searchParams.get('fileNameHash')).toMatch(/^[0-9a-f]{64}\.msi$/i);
    expect((await cloud().request(mail ?? '')).status).toBe(200);
    // Everything that it answered with 200 counts as done: the second check-in repeats nothing.
    const second = await pytune.checkIn(certificate, keys);
    expect(msiUrlsOf(second)).toEqual([]);
    expect(second.messages).toBeLessThanOrEqual(12);
    const { scripts, apps } = await pytune.downloads(certificate, keys);
    expect(scripts).toEqual([]);
    expect(decodeAppPackage(apps.get('Contoso VPN') ?? Buffer.alloc(0))).toMatchObject({ exitCode: 0, seconds: 20 });
  });

  it('04-42 with a hardware hash it sends alerts; a device of its own enrolls as a virtual machine', async () => {
    const pc = await registeredMachine(cloud(), lab);
    const ticket = Buffer.from(await mintTicket(cloud(), pc)).toString('base64');
    const device = await join({ 'MSA-DDID': ticket });
    const pytune = new Pytune(cloud, device.deviceId);
    const url = 'https://fef.mock01.manage.microsoft.com/StatelessEnrollmentService/DeviceEnrollment.svc';
    const keys = await generateKeyPair('rsa2048');
    const options = { tid: lab.tenant.id, ztdId: pc.ztdId };
    await expect(pytune.enroll(url, await deviceToken(device), keys, options)).rejects.toThrow('Device based token is not supported');
    const certificate = Buffer.from(
      await pytune.enroll(url, await deviceToken(device), keys, { ...options, virtualMachine: true }),
      'base64',
    );
    const run = await pytune.checkIn(certificate, keys, { hwhash: 'T0EAAA' });
    expect(run.messages).toBeLessThanOrEqual(12);
    expect(await em().findOneByOrFail(ManagedDevice, { entraDeviceId: device.deviceId })).toMatchObject({
      enrollmentType: 35,
      userId: null,
    });
  });

  it('04 9 stops at "Bad Request", which is what a message of a session that is gone is told; two check-ins at once both end', async () => {
    const { pytune, keys, certificate } = await enrolled();
    let other: CheckIn | undefined;
    const both = await pytune.checkIn(certificate, keys, { meanwhile: async () => (other = await pytune.checkIn(certificate, keys)) });
    expect([both.refused, other?.refused]).toEqual([false, false]);
    const { id: enrollmentId } = await em().findOneByOrFail(MdmEnrollment, { entraDeviceId: pytune.deviceId });
    await em().query('UPDATE dm_command SET state = $1 WHERE enrollment_id = $2', ['queued', enrollmentId]);
    const gone = await pytune.checkIn(certificate, keys, { meanwhile: () => em().delete(DmSession, { enrollmentId }) });
    expect(gone).toMatchObject({ refused: true, messages: 2 });
  });

  it('04 9 enrolls Linux, too: no Company Portal of Linux, a request on one line, no version', async () => {
    const of = await prt(await join({ attributes: {} }));
    const { access, refresh } = await prtAuth(of, COMPANY_PORTAL, 'https://graph.microsoft.com/');
    const renewed = async (resource: string): Promise<string> => {
      const scope = `openid offline_access profile ${resource}/.default`;
      const fields = { client_id: COMPANY_PORTAL, grant_type: 'refresh_token', refresh_token: refresh, scope };
      return text(members(await postFields(cloud(), '/common/oAuth2/v2.0/token', fields)).access_token);
    };
    const pytune = new Pytune(cloud, '', 'pytune-linux');
    const keys = await generateKeyPair('rsa2048');
    const enrollment = await pytune.endpoint(access, 'LinuxEnrollmentService');
    const certificate = await pytune.enrollLinux(enrollment, await renewed(INTUNE_ENROLLMENT), keys);
    const checkIn = await pytune.endpoint(access, 'LinuxDeviceCheckinService');
    expect(await pytune.checkInLinux(checkIn, await renewed(INTUNE), certificate)).toEqual({ retired: false, policies: [] });
    const { id } = await em().findOneByOrFail(ManagedDevice, { deviceName: 'pytune-linux', tenantId: lab.tenant.id });
    expect(await em().findOneByOrFail(ManagedDevice, { id })).toMatchObject({ operatingSystem: 'Linux', complianceState: 'compliant' });
    await em().update(ManagedDevice, { id }, { managementState: 'retirePending' });
    expect((await pytune.checkInLinux(checkIn, await renewed(INTUNE), certificate)).retired).toBe(true);
  });

  it('04-63 check_compliant and retire_intune find IWService and its token, and the device leaves in its next check-in', async () => {
    const { pytune, of, keys, certificate } = await enrolled();
    const { iw, token, access } = await portal(pytune, of);
    const info = (key: string) => pytune.deviceInfo(iw, token, key);
    expect([await info('OfficialName'), await info('ComplianceState'), await info('EnrollmentType')]).toEqual(['PYTUNE-1', 'Unknown', 4]);
    await pytune.checkIn(certificate, keys);
    expect([await info('ComplianceState'), await info('NoncompliantRules')]).toEqual(['Compliant', []]);
    const { target } = (await info('#CommonContainer.Retire')) as { target: string };
    expect(target).not.toContain('?');
    // Nobody else's token, and no other kind of token, does it.
    for (const wrong of ['', access, token + 'x']) expect(await pytune.retire(target, wrong)).toBe(401);
    expect(refusalOf(await getPolicies(cloud(), token, tokenTypes.user))).toMatchObject({ subcode: 's:Authentication' });
    const strangers = await newTenant(cloud());
    const foreign = await em().findOneByOrFail(ManagedDevice, { entraDeviceId: pytune.deviceId });
    await em().update(ManagedDevice, { id: foreign.id }, { userId: strangers.user.id });
    expect([await pytune.retire(target, token), await info('OfficialName')]).toEqual([404, undefined]);
    await em().update(ManagedDevice, { id: foreign.id }, { userId: lab.user.id });
    expect(await em().countBy(DmCommand, { enrollmentId: foreign.id, purpose: 'unenroll' })).toBe(0);
    expect(await pytune.retire(target, token)).toBe(204);
    expect((await pytune.checkIn(certificate, keys)).unenrolled).toBe(true);
    expect(await info('#CommonContainer.Retire')).toBeUndefined();
    expect(await em().findOneByOrFail(MdmEnrollment, { id: foreign.id })).toMatchObject({ state: 'retired' });
  });

  it('04-63 a device that is not compliant comes with reasons', async () => {
    await em().update(Tenant, { id: lab.tenant.id }, { compliance: { evaluateAfterSyncs: 1, compliant: false } });
    const { pytune, of, keys, certificate } = await enrolled();
    await pytune.checkIn(certificate, keys);
    const { iw, token } = await portal(pytune, of);
    expect(await pytune.deviceInfo(iw, token, 'ComplianceState')).toBe('Noncompliant');
    expect(await pytune.deviceInfo(iw, token, 'NoncompliantRules')).toEqual([
      { SettingID: expect.any(String), Title: expect.any(String), Description: expect.any(String) },
    ]);
    await em().update(Tenant, { id: lab.tenant.id }, { compliance: lab.tenant.compliance });
  });

  it('04-63 the renewal service wants a user’s token for the enrollment service', async () => {
    const device = await join();
    const url = 'https://fef.mock01.manage.microsoft.com/TokenRenewalService/TokenRenewal.svc?api-version=1.0';
    const status = async (token?: string) =>
      (await cloud().request(url, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } })).status;
    const graphToken = await prtAuth(await prt(device), COMPANY_PORTAL, 'https://graph.microsoft.com/');
    expect([await status(), await status('x'), await status(graphToken.access), await status(await deviceToken(device))]).toEqual([
      401, 401, 401, 401,
    ]);
  });
});

describe('AADInternals', () => {
  const settings = {
    './DevDetail/SwV': '10.0.18363.1016',
    './DevDetail/Ext/Microsoft/DeviceName': 'My computer',
    './Vendor/MSFT/DMClient/Provider/MS%20DM%20Server/EntDMID': '0',
  };
  async function enrolled() {
    const device = await join();
    const token = (await prtAuth(await prt(device), BROKER, ENROLLMENT, 'ms-appx-web://Microsoft.AAD.BrokerPlugin/DRS')).access;
    const keys = await generateKeyPair('rsa2048');
    const tool = new AadInternals(cloud);
    return { device, token, keys, tool, chain: await tool.enroll(token, keys) };
  }

  it('04-42 04-38 discovers, enrolls and calls back until the reply holds nothing but Final', async () => {
    const { device, keys, tool, chain } = await enrolled();
    const certificate = Buffer.from(chain.device, 'base64');
    const decoded = decodeCertificate(certificate);
    expect(decoded.spki.equals(spkiOf(keys.publicKey))).toBe(true);
    expect(decoded.issuer.raw.equals(decodeCertificate(Buffer.from(chain.intermediate, 'base64')).subject.raw)).toBe(true);
    const first = await tool.checkIn(certificate, keys, settings);
    expect(first.messages).toBeLessThanOrEqual(12);
    expect(first.told).toEqual(
      expect.arrayContaining(['Get ./DevDetail/SwV', 'Replace ./Device/Vendor/MSFT/Policy/Config/DeviceLock/DevicePasswordEnabled']),
    );
    // It never answers Exec, so the jobs come again, each once a session, and the sessions end all the same.
    const enrollment = await em().findOneByOrFail(MdmEnrollment, { entraDeviceId: device.deviceId });
    const jobs = () => em().findBy(DmCommand, { enrollmentId: enrollment.id, verb: 'Exec' });
    expect((await jobs()).map(({ deliveries, state }) => [deliveries, state])).toEqual([
      [1, 'sent'],
      [1, 'sent'],
    ]);
    expect((await tool.checkIn(certificate, keys, settings)).messages).toBeLessThanOrEqual(12);
    expect((await jobs()).map(({ deliveries }) => deliveries)).toEqual([2, 2]);
  });

  it('04-31 a refusal is an exception, because its status is one', async () => {
    const { device, token, keys, tool } = await enrolled();
    await em().query('UPDATE entra_device SET account_enabled = false WHERE device_id = $1', [device.deviceId]);
    await expect(tool.enroll(token, keys)).rejects.toThrow(/^500 .*Device is not registered or disabled/);
    await expect(tool.enrollmentService('user@alt.none')).rejects.toThrow('Tenant not found');
  });

  it('04 9 the enrollment address has no query of its own, so that the activity id makes one', async () => {
    const { tool } = await enrolled();
    const url = await tool.enrollmentService(lab.user.upn);
    expect(url).toMatch(/^https:\/\/[^?:]+\/[^?]+\?client-request-id=[0-9a-f-]{36}$/);
  });

  it('04 9 for a bulk package, says so', async () => {
    const { device, tool, token } = await enrolled();
    await tool.enroll(token, await generateKeyPair('rsa2048'), true);
    const found = await em().findOneByOrFail(MdmEnrollment, { entraDeviceId: device.deviceId, state: 'issued' });
    expect(found.enrollmentType).toBe(11);
    expect(found.context.find(({ name }) => name === 'UXInitiated')?.value).toBe('((True -eq False).ToString().ToLower())');
  });

  it('04 9 a token without a device is none for it', async () => {
    const token = text(
      members(await postFields(cloud(), '/common/oauth2/token', password({ client_id: BROKER, resource: ENROLLMENT }))).access_token,
    );
    const keys = await generateKeyPair('rsa2048');
    await expect(new AadInternals(cloud).enroll(token, keys)).rejects.toThrow('No device id');
  });

  it('04 9 deletes the device that its certificate names: the MDM certificate is refused, the one of the directory does it', async () => {
    const { device, keys, tool, chain } = await enrolled();
    const certificate = Buffer.from(chain.device, 'base64');
    const remove = (der: Buffer, key: KeyPair) => {
      // `Subject.Split("=")[1]`
      const id = new X509Certificate(der).subject.split('=')[1] ?? '';
      return cloud().request(`${DRS}/EnrollmentServer/device/${id}?api-version=1.0`, {
        method: 'DELETE',
        headers: { 'user-agent': 'Dsreg/10.0 (Windows 10.0.19044.1826)', accept: 'application/json1' },
        clientCertificate: der,
        clientKey: key.privateKey,
      });
    };
    expect((await remove(certificate, keys)).status).toBe(401);
    expect((await remove(Buffer.from(device.certificate, 'base64'), device.keys.device)).status).toBe(200);
    expect(await em().existsBy(EntraDevice, { deviceId: device.deviceId, accountEnabled: true, state: 'joined_user' })).toBe(false);
    // Management has a certificate of its own and goes on.
    expect((await tool.checkIn(certificate, keys, settings)).messages).toBeLessThanOrEqual(12);
  });
});
