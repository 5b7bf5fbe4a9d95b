import { generateKeyPair, type KeyPair } from '@greenscreen/crypto/keys';
import { decodeCertificate, subjectCommonName } from '@greenscreen/crypto/x509';
import { drs } from '@greenscreen/drs';
import { graph } from '@greenscreen/graph';
import { mdm } from '@greenscreen/mdm';
import { AuditRecord } from '@greenscreen/model/audit';
import { EntraDevice } from '@greenscreen/model/directory';
import { ManagedDevice } from '@greenscreen/model/intune';
import { MdmCertificate, MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { Tenant } from '@greenscreen/model/tenancy';
import { sts } from '@greenscreen/sts';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { X509Certificate } from 'node:crypto';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { useTlsCloud } from '../../support/tls-cloud.js';
import {
  deviceJws,
  joinWithTool,
  openSessionAnswer,
  passwordOf,
  postFields,
  postForm,
  prtOf,
  sessionJws,
  srvChallenge,
  type ToolDevice,
} from '../drs/public-clients.support.js';
import { csrOf, newKeys } from '../drs/support.js';
import { BROKER, DRS_URN, JWT_BEARER, members, type Members, text } from '../sts/support.js';
import { LinuxPortal, statusesOf } from './libhimmelblau.support.js';

const SCRIPT = '#!/bin/sh\nexit 0\n';
/** Microsoft Intune Company Portal for Linux. */
const PORTAL = 'b743a22d-6705-4147-8670-d92fa515ee2b';
const scopes = {
  graph: '00000003-0000-0000-c000-000000000000',
  enrollment: 'd4ebce55-015a-49b5-a083-c84d1797ae8c',
  checkIn: '0000000a-0000-0000-c000-000000000000',
  iwService: 'b8066b99-6e67-41be-abfa-75db1a2c8809',
};

const cloud = useTlsCloud(sts, drs, graph, mdm);
const em = () => cloud().context.dataSource.manager;
let lab: TestTenant;
let keys: KeyPair;
beforeAll(async () => {
  lab = await newTenant(cloud(), { 'mdm.linuxScript': SCRIPT });
  keys = await generateKeyPair('rsa2048');
});

/** Joined as Linux, with a token of each service by way of the PRT. */
async function joined(
  of: TestTenant = lab,
): Promise<{ device: ToolDevice; portal: LinuxPortal; tokens: Record<keyof typeof scopes, string> }> {
  const password = members(await postFields(cloud(), '/common/oauth2/token', passwordOf(of, { client_id: BROKER, resource: DRS_URN })));
  const device = await joinWithTool(cloud(), await newKeys(), {
    token: text(password.access_token),
    version: '2.0',
    body: { DeviceType: 'Linux', OSVersion: 'openSUSE Leap 15.5' },
    attributes: { Attributes: { ReuseDevice: 'true', ReturnClientSid: 'true', SharedDevice: 'false' } },
  });
  const url = `/${of.tenant.id}/oauth2/token`;
  const signIn = {
    client_id: BROKER,
    request_nonce: await srvChallenge(cloud(), of.tenant.id, ''),
    scope: 'openid aza ugs',
    grant_type: 'refresh_token',
    refresh_token: password.refresh_token,
  };
  const request = deviceJws(device, signIn, { x5c: 'array' });
  const body = `windows_api_version=2.0&grant_type=${JWT_BEARER}&request=${request}&client_info=1&tgt=true`;
  const prt = prtOf(device, await postForm(cloud(), url, body, ''));
  const tokens = { graph: '', enrollment: '', checkIn: '', iwService: '' };
  for (const name of Object.keys(tokens) as (keyof typeof scopes)[]) {
    const payload = {
      win_ver: '10.0.19041.868',
      refresh_token: prt.token,
      grant_type: 'refresh_token',
      iss: 'aad:brokerplugin',
      aud: 'login.microsoftonline.com',
      client_id: PORTAL,
      scope: `openid profile offline_access ${scopes[name]}/.default`,
      request_nonce: await srvChallenge(cloud(), of.tenant.id, ''),
    };
    const exchange = `windows_api_version=2.2&grant_type=${JWT_BEARER}&request=${sessionJws(prt, payload, { contextBytes: 32 })}`;
    tokens[name] = text(openSessionAnswer(prt, await postForm(cloud(), url, exchange, '')).access_token);
  }
  const portal = new LinuxPortal(cloud, tokens);
  await portal.discover();
  return { device, portal, tokens };
}

describe('libhimmelblau enrolls a device of Linux', () => {
  let session: Awaited<ReturnType<typeof joined>>;
  let enrolled: Awaited<ReturnType<LinuxPortal['enroll']>>;
  beforeAll(async () => {
    session = await joined();
    enrolled = await session.portal.enroll(keys);
  });

  it('04 9 with a request that has an empty attributes field, and gets a certificate of its key as a list of bytes', async () => {
    // [0] of length 0, before the signature's algorithm.
    expect((await csrOf(keys, session.portal.name)).includes(Buffer.from('a000300d', 'hex'))).toBe(true);
    const { deviceId, certificate, answer } = enrolled;
    expect(subjectCommonName(decodeCertificate(certificate))).toBe(deviceId);
    expect(answer).toMatchObject({
      certificate: { thumbprint: new X509Certificate(certificate).fingerprint.replaceAll(':', '') },
      renewPeriod: expect.any(Number),
    });
  });

  it('04 9 and is in the records: enrollment, certificate, managed device, directory, log', async () => {
    const { deviceId } = enrolled;
    const entraDeviceId = session.device.deviceId;
    expect(await em().findOneByOrFail(MdmEnrollment, { id: deviceId })).toMatchObject({
      providerId: 'LinuxMdm',
      entraDeviceId,
      enrolledBy: lab.user.id,
    });
    expect(await em().countBy(MdmCertificate, { enrollmentId: deviceId })).toBe(1);
    expect(await em().findOneByOrFail(ManagedDevice, { id: deviceId })).toMatchObject({
      operatingSystem: 'Linux',
      deviceName: 'linux-1',
      entraDeviceId,
      userPrincipalName: lab.user.upn,
      managedDeviceOwnerType: 'personal',
    });
    expect(await em().findOneByOrFail(EntraDevice, { deviceId: entraDeviceId })).toMatchObject({
      isManaged: true,
      isCompliant: null,
      mdmAppId: scopes.checkIn,
    });
    const log = await em().findBy(AuditRecord, { tenantId: lab.tenant.id, log: 'intune' });
    expect(log.filter(({ targetResources }) => targetResources.some(({ id }) => id === deviceId))).toHaveLength(1);
  });

  it('04 9 says what it is, runs its policies, reports them and reads its compliance', async () => {
    const { portal } = session;
    const { deviceId } = enrolled;
    expect(members(await portal.details(deviceId))).toEqual({ deviceFriendlyName: 'linux-1' });
    expect(await em().findOneByOrFail(ManagedDevice, { id: deviceId })).toMatchObject({
      manufacturer: 'Contoso Devices',
      osVersion: '24.04',
    });
    const policies = members(await portal.policies(deviceId)).policies as Members[];
    expect(policies).toMatchObject([{ accountId: lab.tenant.intuneAccountId, policyType: 'Configuration' }]);
    const settings = policies[0]?.policySettings as Members[];
    const script = settings.find(({ cspPath }) => cspPath === 'com.microsoft.manage.LinuxMdm/CustomConfig/Script');
    expect(Buffer.from(text(script?.value), 'base64').toString()).toBe(SCRIPT);
    expect(members(await portal.policies(deviceId)).policies).toEqual(policies);
    expect((await portal.complianceInfo(deviceId)).ComplianceState).toBe('Unknown');

    const failing = statusesOf(policies, 'NonCompliant');
    const echoed = members(await portal.status(deviceId, failing)).PolicyStatuses as Members[];
    expect(echoed).toMatchObject(failing);
    expect((echoed[0]?.Details as Members[])[0]).toMatchObject({ ErrorCode: 0, ErrorType: 0 });
    expect(await portal.complianceInfo(deviceId)).toMatchObject({
      ComplianceState: 'Noncompliant',
      NoncompliantRules: [{ SettingID: expect.any(String) }],
      IsCompliantInGraph: false,
    });
    expect((await portal.status(deviceId, statusesOf(policies, 'Compliant'))).status).toBe(200);
    expect(await portal.complianceInfo(deviceId)).toMatchObject({
      ComplianceState: 'Compliant',
      NoncompliantRules: [],
      OperatingSystem: 'Linux',
      OSVersion: '24.04',
      AadId: session.device.deviceId,
      IsManagedInGraph: true,
      IsCompliantInGraph: true,
    });
    expect(await em().findOneByOrFail(EntraDevice, { deviceId: session.device.deviceId })).toMatchObject({ isCompliant: true });
  });

  it('04 9 its certificate is not one for what Windows speaks', async () => {
    const url = 'https://r.manage.microsoft.com/devicegatewayproxy/cimhandler.ashx';
    const answer = await cloud().request(url, {
      method: 'POST',
      body: '<SyncML/>',
      clientCertificate: enrolled.certificate,
      clientKey: keys.privateKey,
    });
    expect(answer.status).toBe(403);
  });

  it('04 9 a second enrollment takes the place of the first', async () => {
    const again = await session.portal.enroll(keys);
    expect(again.deviceId).not.toBe(enrolled.deviceId);
    expect(await em().findOneByOrFail(MdmEnrollment, { id: enrolled.deviceId })).toMatchObject({ state: 'superseded' });
    expect(members(await session.portal.policies(enrolled.deviceId))).toEqual({
      ErrorCode: 'DeviceUnknown',
      Message: 'Device validation failed',
    });
    expect((await session.portal.policies(again.deviceId)).status).toBe(200);
    enrolled = again;
  });

  it('04 9 retired by its user, it learns so at its next visit', async () => {
    const { portal, tokens } = session;
    const { target } = (await portal.complianceInfo(enrolled.deviceId))['#CommonContainer.Retire'] as { target: string };
    const headers = { authorization: `Bearer ${tokens.iwService}` };
    expect((await cloud().request(target, { method: 'POST', headers, body: '' })).status).toBe(204);
    expect((await portal.status(enrolled.deviceId, [])).status).toBe(400);
    expect(await em().findOneByOrFail(MdmEnrollment, { id: enrolled.deviceId })).toMatchObject({ state: 'retired' });
    expect(await em().existsBy(ManagedDevice, { id: enrolled.deviceId })).toBe(false);
    expect((await portal.deviceState(enrolled.deviceId)).status).toBe(404);
    expect(await em().findOneByOrFail(EntraDevice, { deviceId: session.device.deviceId })).toMatchObject({ isManaged: null });
  });
});

describe('libhimmelblau is refused', () => {
  let session: Awaited<ReturnType<typeof joined>>;
  beforeAll(async () => {
    session = await joined();
  });
  const refusal = async (answer: Promise<{ status: number; json: () => unknown }>): Promise<unknown[]> => {
    const { status, json } = await answer;
    return [status, (json() as Members).ErrorCode];
  };

  it('04 9 with a token for another service, or none', async () => {
    const { portal, tokens } = session;
    const { deviceId } = await portal.enroll(keys);
    for (const token of ['', 'x', tokens.graph, tokens.checkIn, tokens.iwService])
      expect(await refusal(portal.requestEnrollment(keys, {}, token))).toEqual([401, 'Unauthorized']);
    for (const token of ['', tokens.graph, tokens.enrollment, tokens.iwService]) {
      expect(await refusal(portal.details(deviceId, {}, token))).toEqual([401, 'Unauthorized']);
      expect(await refusal(portal.policies(deviceId, token))).toEqual([401, 'Unauthorized']);
      expect(await refusal(portal.status(deviceId, [], token))).toEqual([401, 'Unauthorized']);
    }
    for (const token of ['', tokens.graph, tokens.enrollment, tokens.checkIn])
      expect((await portal.deviceState(deviceId, token)).status).toBe(401);
  });

  it('04 9 with a body that cannot be read, or a request that is none', async () => {
    const { portal } = session;
    const { deviceId } = await portal.enroll(keys);
    for (const change of [
      { DeviceName: undefined },
      { AppVersion: 1 },
      { CertificateSigningRequest: '' },
      { CertificateSigningRequest: '!' },
    ])
      expect(await refusal(portal.requestEnrollment(keys, change))).toEqual([400, 'BadRequest']);
    const der = await csrOf(keys, 'x');
    const forged = Buffer.from(der.map((byte, index) => (index === der.length - 1 ? byte ^ 1 : byte)));
    for (const wrong of [Buffer.from('3000', 'hex'), forged])
      expect(await refusal(portal.requestEnrollment(keys, { CertificateSigningRequest: wrong.toString('base64') }))).toEqual([
        400,
        'CertificateRequest',
      ]);
    // Without PEM around it, as its specification has it.
    expect((await portal.requestEnrollment(keys, { CertificateSigningRequest: der.toString('base64') })).status).toBe(200);
    for (const name of ['DeviceId', 'DeviceName', 'Manufacturer', 'OSDistribution', 'OSVersion'])
      expect(await refusal(portal.details(deviceId, { [name]: '' }))).toEqual([400, 'BadRequest']);
    expect(await refusal(portal.status(undefined, []))).toEqual([400, 'BadRequest']);
    expect(await refusal(portal.status(deviceId, ['x']))).toEqual([400, 'BadRequest']);
  });

  it('04 9 for a device that is not the user’s, or that nobody has enrolled', async () => {
    const { portal } = session;
    const strangers = await newTenant(cloud());
    const theirs = await joined(strangers);
    const { deviceId } = await theirs.portal.enroll(keys);
    expect(members(await theirs.portal.policies(deviceId))).toEqual({ policies: [] });
    for (const id of [deviceId, session.device.deviceId, 'x']) {
      expect(await refusal(portal.policies(id))).toEqual([400, 'DeviceUnknown']);
      expect((await portal.deviceState(id)).status).toBe(404);
    }
  });

  it('04 9 when its object is disabled, the user has no licence or too many devices, or the service is in maintenance', async () => {
    const of = await newTenant(cloud());
    const { device, portal } = await joined(of);
    const restrict = (change: Partial<Tenant['enrollmentRestrictions']>) =>
      em().update(Tenant, { id: of.tenant.id }, { enrollmentRestrictions: { ...of.tenant.enrollmentRestrictions, ...change } });
    await restrict({ maintenance: true });
    expect(await refusal(portal.requestEnrollment(keys))).toEqual([503, 'InMaintenance']);
    await restrict({ cap: 0 });
    expect(await refusal(portal.requestEnrollment(keys))).toEqual([403, 'DeviceCapReached']);
    await restrict({ personal: 'block', windows: 'block' });
    await em().query('UPDATE directory_user SET intune_licensed = false WHERE id = $1', [of.user.id]);
    expect(await refusal(portal.requestEnrollment(keys))).toEqual([403, 'UserLicense']);
    await em().query('UPDATE directory_user SET intune_licensed = true WHERE id = $1', [of.user.id]);
    await em().update(EntraDevice, { deviceId: device.deviceId }, { accountEnabled: false });
    expect(await refusal(portal.requestEnrollment(keys))).toEqual([403, 'DeviceNotRegistered']);
    await em().update(EntraDevice, { deviceId: device.deviceId }, { accountEnabled: true });
    expect((await portal.requestEnrollment(keys)).status).toBe(200);
  });
});
