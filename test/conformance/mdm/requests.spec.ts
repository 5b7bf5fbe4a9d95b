import { beforeAll, describe, expect, it } from '@jest/globals';
import { bits, explicit, int, nul, oid, seq } from '@greenscreen/crypto/der';
import { generateKeyPair, spkiOf } from '@greenscreen/crypto/keys';
import { commonName, decodeCertificate, encodeName } from '@greenscreen/crypto/x509';
import { windowsCsr } from '@greenscreen/device/enroll';
import { DeviceCertificate } from '@greenscreen/model/directory';
import { type FaultAction } from '@greenscreen/model/faults';
import { JournalEntry } from '@greenscreen/model/installation';
import { ManagedDevice } from '@greenscreen/model/intune';
import { MdmCertificate, MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { DirectoryUser, Tenant } from '@greenscreen/model/tenancy';
import { mdm } from '@greenscreen/mdm';
import { encodeDiscoverRequest } from '@greenscreen/wire/mde2';
import { decodeEnrollmentFault, ns, tokenTypes } from '@greenscreen/wire/soap';
import { descendantsOf, parseXml } from '@greenscreen/wire/xml';
import { encodeIssueRequest } from '@greenscreen/wire/wstep';
import { encodeGetPoliciesRequest } from '@greenscreen/wire/xcep';
import { randomUUID, sign } from 'node:crypto';
import { useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { DmClient, managedDevice, packageOne, send, MANAGEMENT, stateOf } from './session.support.js';
import { encodeSyncMessage } from '@greenscreen/wire/syncml';
import {
  csr,
  deviceKeys,
  deviceToken,
  DISCOVERY,
  DM_DEVICE_ID,
  documentOf,
  enroll,
  type Enrollment,
  ENROLLMENT,
  enrollWhiteGlove,
  items,
  joinedAutopilotDevice,
  plain,
  post,
  refusalOf,
  type TestDevice,
  userToken,
} from './support.js';

const cloud = useCloud(mdm);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
});
const em = () => cloud().context.dataSource.manager;
const newDevice = (tenant = lab): Promise<TestDevice> => joinedAutopilotDevice(cloud(), tenant);
const request = async (device: TestDevice, given: Partial<Pick<Enrollment, 'csr' | 'context' | 'headers'>> = {}) =>
  enroll(cloud(), { token: await deviceToken(cloud(), lab, device), context: items(device), ...given });
/** Arms a fault for the requests that carry the returned headers. */
async function arm(
  action: FaultAction,
  ...operations: readonly (readonly [service: string, operation: string])[]
): Promise<Record<string, string>> {
  const run = randomUUID();
  await Promise.all(operations.map(([service, operation]) => cloud().context.faultRules.arm({ run, service, operation, action })));
  return { 'x-greenscreen-run': run };
}
const restrict = async ({ tenant }: TestTenant, change: Partial<Tenant['enrollmentRestrictions']>): Promise<void> => {
  await em().update(Tenant, { id: tenant.id }, { enrollmentRestrictions: { ...tenant.enrollmentRestrictions, ...change } });
};

describe('RequestSecurityToken: certificate requests', () => {
  it('04-19 requests of real clients are issued, illegal characters and old algorithms included', async () => {
    const keys = await deviceKeys();
    const requests = [
      windowsCsr({ keys, deviceId: DM_DEVICE_ID, guid: randomUUID(), hash: 'sha1', subjectEncoding: 'printable' }),
      windowsCsr({ keys, deviceId: DM_DEVICE_ID, guid: randomUUID(), hash: 'sha256', subjectEncoding: 'utf8' }),
      plainCsr(keys, 'ConfigMgrEnroll'),
      plainCsr(keys, randomUUID()),
    ];
    for (const der of requests) documentOf(await request(await newDevice(), { csr: der }));
  });

  it('04-20 a broken signature, a short key, another algorithm and no request at all are refused', async () => {
    const device = await newDevice();
    const good = await csr();
    const flipped = Buffer.from(good);
    flipped[flipped.length - 1]! ^= 1;
    const [short, ec] = await Promise.all([generateKeyPair('rsa1024'), generateKeyPair('ec-p256')]);
    const refused = { status: 500, subcode: 's:CertificateRequest', hresult: '80180004' };
    for (const der of [flipped, plainCsr(short, 'x'), ecCsr(ec), Buffer.from('garbage'), Buffer.alloc(0)])
      expect(refusalOf(await request(device, { csr: der }))).toMatchObject(refused);
    const text = encodeIssueRequest({
      to: ENROLLMENT,
      token: { valueType: tokenTypes.jwt, text: await deviceToken(cloud(), lab, device) },
      csr: good,
      context: items(device),
    }).toString();
    expect(refusalOf(await post(cloud(), ENROLLMENT, text.replace(good.toString('base64'), '*** no base64 ***')))).toMatchObject(refused);
    expect(await em().countBy(MdmEnrollment, { entraDeviceId: device.deviceId })).toBe(0);
    expect((await post(cloud(), ENROLLMENT, text)).status).toBe(200);
  });
});

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;
/** A request with a subject and nothing else, as other clients make them. */
function plainCsr({ publicKey, privateKey }: Keys, cn: string): Buffer {
  const info = seq(int(0), encodeName(commonName(cn, 'utf8')), spkiOf(publicKey), explicit(0));
  return seq(info, seq(oid('1.2.840.113549.1.1.11'), nul()), bits(sign('sha256', info, privateKey)));
}
function ecCsr({ publicKey, privateKey }: Keys): Buffer {
  const info = seq(int(0), encodeName(commonName('x', 'utf8')), spkiOf(publicKey), explicit(0));
  return seq(info, seq(oid('1.2.840.10045.4.3.2')), bits(sign('sha256', info, privateKey)));
}

describe('RequestSecurityToken: messages', () => {
  it('04-25 Windows finds exactly one token with its XPath', async () => {
    const root = parseXml((await enrollWhiteGlove(cloud(), lab, await newDevice())).body);
    const trust = (name: string, from = [root]) => from.flatMap((element) => descendantsOf(element, ns.trust, name));
    const tokens = trust('RequestedSecurityToken', trust('RequestSecurityTokenResponse', trust('RequestSecurityTokenResponseCollection')));
    expect(tokens.flatMap((token) => descendantsOf(token, ns.security, 'BinarySecurityToken'))).toHaveLength(1);
  });

  it('04-26 missing or unknown items, another token type, another operation', async () => {
    const device = await newDevice();
    for (const [name, value] of [
      ['DeviceID', undefined],
      ['DeviceType', ''],
      ['OSVersion', undefined],
      ['EnrollmentType', 'Foo'],
      ['EnrollmentType', undefined],
    ] as const)
      expect(refusalOf(await request(device, { context: items(device, { [name]: value }) }))).toMatchObject({
        subcode: 's:MessageFormat',
        errorType: 'InvalidEnrollmentData',
        hresult: '80180019',
        reason: expect.stringContaining(name),
      });
    const call = {
      to: ENROLLMENT,
      token: { valueType: tokenTypes.jwt, text: await deviceToken(cloud(), lab, device) },
      csr: await csr(),
      context: items(device),
    };
    const body = encodeIssueRequest(call).toString();
    for (const other of [
      body.replace('Enrollment/DeviceEnrollmentToken<', 'Enrollment/OtherToken<'),
      body.replace('200512/Issue<', '200512/Recovery<'),
      encodeDiscoverRequest(DISCOVERY, {
        emailAddress: `fooUser@${lab.domain}`,
        requestVersion: '5.0',
        deviceType: 'CIMClient_Windows',
        applicationVersion: '10.0.1.2',
        osEdition: '4',
        authPolicies: ['Federated'],
      }),
      '<a/>',
    ]) {
      const answer = await post(cloud(), ENROLLMENT, other);
      expect(refusalOf(answer)).toMatchObject({ status: 500, subcode: 's:MessageFormat', hresult: '80180001' });
      expect(answer.text()).not.toContain('DiscoverResponse');
    }
    expect((await post(cloud(), ENROLLMENT, body)).status).toBe(200);
  });

  it('04-31 a fault is a whole SOAP answer with the trace of the journal', async () => {
    const device = await newDevice();
    const answer = await request(device, { context: items(device, { DeviceID: undefined }) });
    expect([answer.status, answer.headers['content-type']]).toEqual([500, 'application/soap+xml; charset=utf-8']);
    expect(Number(answer.headers['content-length'])).toBe(answer.body.length);
    const trace = decodeEnrollmentFault(answer.body)?.traceId ?? '';
    await cloud().context.journal.flush();
    expect(await em().findOneByOrFail(JournalEntry, { traceId: trace })).toMatchObject({
      service: 'mdm-enroll',
      operation: 'RST',
      refusal: 'mdm.InvalidEnrollmentData',
      refusedBy: 'contextIsComplete',
      deviceId: device.deviceId,
      tenantId: lab.tenant.id,
    });
    expect(answer.text()).toContain(`CorrelationId="${trace}"`);
  });

  it.each([
    ['mdm.NotEligibleToRenew', '80180016'],
    ['mdm.MessageFormat', '80180001'],
    ['mdm.Authentication', '80180002'],
    ['mdm.Authorization', '80180003'],
    ['mdm.CertificateRequest', '80180004'],
    ['mdm.EnrollmentServer', '80180005'],
    ['mdm.InternalServiceFault', '80180006'],
    ['mdm.InvalidSecurity', '80180007'],
    ['mdm.DeviceCapReached', '80180013'],
    ['mdm.DeviceNotSupported', '80180014'],
    ['mdm.NotSupported', '80180015'],
    ['mdm.InMaintenance', '80180017'],
    ['mdm.UserLicense', '80180018'],
    ['mdm.InvalidEnrollmentData', '80180019'],
    ['mdm.CustomServerError', '80180032'],
  ])('04-30 %s is 0x%s for Windows, on enrollment and on policy', async (code, hresult) => {
    const device = await newDevice();
    const respond = { code, detail: { message: 'Call the help desk', item: 'X' } };
    const headers = await arm({ respond }, ['mdm-enroll', 'RST'], ['mdm-policy', 'GetPolicies']);
    const text = await deviceToken(cloud(), lab, device);
    const answers = [
      await request(device, { headers }),
      await post(cloud(), ENROLLMENT, encodeGetPoliciesRequest({ to: ENROLLMENT, token: { valueType: tokenTypes.jwt, text } }), headers),
    ];
    for (const answer of answers) {
      expect(refusalOf(answer).hresult).toBe(hresult);
      expect(answer.text()).not.toMatch(/<s:fault|<s:detail|deviceenrollmentserviceerror/);
      expect(answer.text()).toContain('<s:Detail><DeviceEnrollmentServiceError');
    }
    expect((await request(device)).status).toBe(200);
  });
});

describe('RequestSecurityToken: admission', () => {
  it('04-29 05-27 05-28 a block of personal devices does not reach white glove, one of Windows reaches everybody', async () => {
    const other = await newTenant(cloud());
    await restrict(other, { personal: 'block' });
    const [personal, glove, blocked] = await Promise.all([newDevice(other), newDevice(other), newDevice(other)]);
    const byUser = async (device: TestDevice) =>
      enroll(cloud(), { token: await userToken(cloud(), other, { deviceid: device.deviceId }), context: plain(device) });
    expect(refusalOf(await byUser(personal))).toMatchObject({
      subcode: 's:Authorization',
      errorType: 'DeviceNotSupported',
      reason: 'Device Identifier not preregistered',
      hresult: '80180014',
    });
    expect((await enrollWhiteGlove(cloud(), other, glove)).status).toBe(200);
    await restrict(other, { windows: 'block' });
    for (const answer of [await byUser(personal), await enrollWhiteGlove(cloud(), other, blocked)])
      expect(refusalOf(answer)).toMatchObject({
        errorType: 'DeviceNotSupported',
        reason: 'Windows enrollment is blocked',
        hresult: '80180014',
      });
    await restrict(other, {});
    expect((await byUser(personal)).status).toBe(200);
  });

  it('05-69 05-70 05-73 licence, cap and maintenance', async () => {
    const other = await newTenant(cloud());
    const byUser = async (device: TestDevice) =>
      enroll(cloud(), { token: await userToken(cloud(), other, { deviceid: device.deviceId }), context: plain(device) });
    await em().update(DirectoryUser, { id: other.user.id }, { intuneLicensed: false });
    expect(refusalOf(await byUser(await newDevice(other)))).toMatchObject({ errorType: 'UserLicense', hresult: '80180018' });
    await em().update(DirectoryUser, { id: other.user.id }, { intuneLicensed: true });
    await restrict(other, { cap: 1 });
    const first = await newDevice(other);
    expect((await byUser(first)).status).toBe(200);
    expect(refusalOf(await byUser(await newDevice(other)))).toMatchObject({ errorType: 'DeviceCapReached', hresult: '80180013' });
    // The device's own earlier record does not count.
    expect((await byUser(first)).status).toBe(200);
    await restrict(other, { maintenance: true });
    expect(refusalOf(await enrollWhiteGlove(cloud(), other, await newDevice(other)))).toMatchObject({
      subcode: 's:EnrollmentServer',
      errorType: 'InMaintenance',
      hresult: '80180017',
    });
  });

  it('04-32 a device that enrolls again gets another id; its old certificate is refused', async () => {
    const device = await newDevice();
    const context = plain(device);
    const once = async () =>
      documentOf(await enroll(cloud(), { token: await userToken(cloud(), lab, { deviceid: device.deviceId }), context }));
    const [first, second] = [await once(), await once()];
    const rows = await em().find(MdmEnrollment, { where: { entraDeviceId: device.deviceId }, order: { enrolledAt: 'ASC' } });
    expect(rows.map(({ state }) => state)).toEqual(['superseded', 'issued']);
    expect(await em().findBy(ManagedDevice, { entraDeviceId: device.deviceId })).toMatchObject([{ id: rows[1]?.id }]);
    const header = { sessionId: '1', msgId: '1', target: MANAGEMENT, source: DM_DEVICE_ID };
    const body = encodeSyncMessage({ header, commands: packageOne(), final: true });
    expect((await send(cloud(), first.certificates.device.der, body)).status).toBe(403);
    expect((await send(cloud(), second.certificates.device.der, body)).status).toBe(200);
  });

  it('04-34 05-37 management needs the MDM certificate only: it goes on when the directory knows no certificate of the device', async () => {
    const device = await managedDevice(cloud(), lab);
    await em().delete(DeviceCertificate, { objectId: device.objectId });
    await new DmClient(cloud, device).session();
    expect(await stateOf(cloud(), device)).toBe('devicePrep');
  });

  it('04-58 a second enrollment is refused while the limit stands; without it, it is logged and takes the place of the first', async () => {
    const strict = await newDevice();
    expect((await enrollWhiteGlove(cloud(), lab, strict)).status).toBe(200);
    expect(refusalOf(await enrollWhiteGlove(cloud(), lab, strict))).toMatchObject({ errorType: 'DeviceNotSupported' });
    const lenient = await newTenant(cloud(), { 'mdm.blockAfterUserlessEnroll': false });
    const device = await newDevice(lenient);
    expect((await enrollWhiteGlove(cloud(), lenient, device)).status).toBe(200);
    expect((await enrollWhiteGlove(cloud(), lenient, device)).status).toBe(200);
    expect(await em().countBy(ManagedDevice, { entraDeviceId: device.deviceId })).toBe(1);
  });

  it.each(['other_key', 'expired', 'not_yet_valid', 'wrong_store', 'wrong_thumbprint', 'truncated'])(
    '05-77 a certificate with the defect %s goes out when a fault says so',
    async (defect) => {
      const [device, keys] = [await newDevice(), await deviceKeys()];
      const headers = await arm({ cert: { target: 'mdm', defect } }, ['mdm-enroll', 'RST']);
      const { certificates, account } = documentOf(await request(device, { headers }));
      const stored = await em().findOneBy(MdmCertificate, { thumbprint: certificates.device.thumbprint });
      const { der } = certificates.device;
      const now = Date.now();
      const wrong = {
        other_key: () => !decodeCertificate(der).spki.equals(spkiOf(keys.publicKey)),
        expired: () => decodeCertificate(der).notAfter.getTime() < now,
        not_yet_valid: () => decodeCertificate(der).notBefore.getTime() > now,
        wrong_store: () => account.certificate.store !== certificates.device.store,
        wrong_thumbprint: () => stored === null,
        truncated: () => stored !== null && stored.der.length > der.length,
      }[defect];
      expect(wrong?.()).toBe(true);
    },
  );
});
