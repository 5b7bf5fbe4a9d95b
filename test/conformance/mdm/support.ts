import { certificateKeyId, signJwt } from '@greenscreen/crypto/jose';
import { generateKeyPair, type KeyPair } from '@greenscreen/crypto/keys';
import { hresultOfFault, windowsCsr } from '@greenscreen/device/enroll';
import { stsSigning } from '@greenscreen/host/authority/definitions';
import { AutopilotDevice, DeploymentProfile } from '@greenscreen/model/autopilot';
import { EntraDevice } from '@greenscreen/model/directory';
import { decodeEnrollmentFault, tokenTypes } from '@greenscreen/wire/soap';
import { decodeProvisioningDocument, type ProvisioningDocument } from '@greenscreen/wire/wap';
import { type ContextItem, decodeResponseCollection, encodeIssueRequest } from '@greenscreen/wire/wstep';
import { encodeGetPoliciesRequest } from '@greenscreen/wire/xcep';
import { randomBytes, randomUUID } from 'node:crypto';
import { type TestCloud, type TestResponse } from '../../support/cloud.js';
import { type TestTenant } from '../../support/tenant.js';

export const DISCOVERY = 'https://enrollment.manage.microsoft.com/EnrollmentServer/Discovery.svc';
export const ENROLLMENT = 'https://fef.mock01.manage.microsoft.com/StatelessEnrollmentService/DeviceEnrollment.svc';
export const RESOURCE = 'https://enrollment.manage.microsoft.com/';
const SOAP = 'application/soap+xml; charset=utf-8';

export type Claims = Record<string, unknown>;

/** A token of this installation's token service, for claims of the test's choice. */
export async function token({ context }: TestCloud, claims: Claims): Promise<string> {
  const { certificate, privateKey } = await context.authorities.get(stsSigning);
  const kid = certificateKeyId(certificate);
  const at = Math.floor(Date.now() / 1000);
  return signJwt({ aud: RESOURCE, iat: at - 300, nbf: at - 300, exp: at + 3600, ...claims }, { alg: 'RS256', kid, x5t: kid, privateKey });
}

export const issuer = ({ tenant }: TestTenant): Claims => ({ iss: `https://sts.windows.net/${tenant.id}/`, tid: tenant.id });

/** As 06 D-B1 has it. */
export const deviceToken = (cloud: TestCloud, lab: TestTenant, { deviceId, objectId, ztdId }: TestDevice, change: Claims = {}) =>
  token(cloud, {
    ...issuer(lab),
    idtyp: 'device',
    deviceid: deviceId,
    sub: deviceId,
    oid: objectId,
    amr: ['rsa'],
    ztdid: ztdId,
    ...change,
  });

/** As 06 D-B4 has it. */
export const userToken = (cloud: TestCloud, lab: TestTenant, change: Claims = {}) =>
  token(cloud, {
    ...issuer(lab),
    idtyp: 'user',
    upn: lab.user.upn,
    unique_name: lab.user.upn,
    oid: lab.user.id,
    sub: randomUUID(),
    scp: 'mdm_delegation',
    ...change,
  });

export interface TestDevice {
  readonly ztdId: string;
  readonly deviceId: string;
  readonly objectId: string;
  readonly serial: string;
  readonly hwDevId: string;
}

/** A registered device that has joined: the state in which it asks for enrollment (reference 05, A.7 C1). */
export async function joinedAutopilotDevice({ context }: TestCloud, { tenant }: TestTenant, profileName = 'WG-Entra'): Promise<TestDevice> {
  const em = context.dataSource.manager;
  const now = new Date();
  const device: TestDevice = {
    ztdId: randomUUID(),
    deviceId: randomUUID(),
    objectId: randomUUID(),
    serial: `LAB-${randomBytes(4).toString('hex')}`,
    hwDevId: randomBytes(32).toString('hex'),
  };
  const profile = await em.findOneByOrFail(DeploymentProfile, { tenantId: tenant.id, displayName: profileName });
  const ekHash = randomBytes(32).toString('hex');
  await em.insert(AutopilotDevice, {
    ztdId: device.ztdId,
    tenantId: tenant.id,
    serialNumber: device.serial,
    manufacturer: 'Contoso',
    model: 'Book 3',
    ekHash,
    ddid: `0018${ekHash.slice(0, 12).toUpperCase()}`,
    hardwareHash: '',
    entraDeviceId: device.deviceId,
    profileId: profile.id,
    createdAt: now,
  });
  await em.insert(EntraDevice, {
    objectId: device.objectId,
    deviceId: device.deviceId,
    tenantId: tenant.id,
    state: 'joined_device',
    accountEnabled: true,
    displayName: device.serial,
    physicalIds: [`[ZTDID]:${device.ztdId}`],
    createdAt: now,
  });
  return device;
}

let sharedKeys: Promise<KeyPair> | undefined;
/** One RSA-2048 pair for the specs that do not care. */
export const deviceKeys = (): Promise<KeyPair> => (sharedKeys ??= generateKeyPair('rsa2048'));

export const DM_DEVICE_ID = '9E41C7D20B8A4F5D8C3361F0AB24D7E9';

export async function csr(): Promise<Buffer> {
  return windowsCsr({ keys: await deviceKeys(), deviceId: DM_DEVICE_ID, guid: randomUUID(), hash: 'sha256', subjectEncoding: 'utf8' });
}

/** The items of a white-glove request (06 D-B13); a change of `undefined` drops an item. */
export function items(device: TestDevice, change: Record<string, string | undefined> = {}): ContextItem[] {
  const all: Record<string, string | undefined> = {
    UXInitiated: 'true',
    HWDevID: device.hwDevId,
    Locale: 'en-US',
    TargetedUserLoggedIn: 'false',
    EnrollmentData: 'null',
    ZeroTouchProvisioning: device.ztdId,
    WhiteGlove: 'true',
    OSEdition: '48',
    DeviceName: 'DESKTOP-LAB01',
    MAC: '02-00-5E-10-00-01',
    DeviceID: DM_DEVICE_ID,
    EnrollmentType: 'Device',
    DeviceType: 'CIMClient_Windows',
    OSVersion: '10.0.22631.3296',
    ApplicationVersion: '10.0.22631.3296',
    NotInOobe: 'false',
    RequestVersion: '5.0',
    ...change,
  };
  return Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

/** Items of an enrollment that Autopilot has nothing to do with. */
export const plain = (device: TestDevice, change: Record<string, string | undefined> = {}): ContextItem[] =>
  items(device, { WhiteGlove: undefined, ZeroTouchProvisioning: undefined, ...change });

export const post = (cloud: TestCloud, url: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<TestResponse> =>
  cloud.request(url, { method: 'POST', headers: { 'content-type': SOAP, 'user-agent': 'ENROLLClient', ...headers }, body });

export interface Enrollment {
  readonly token: string;
  readonly context: readonly ContextItem[];
  readonly csr?: Buffer;
  readonly valueType?: string;
  readonly headers?: Record<string, string>;
}

export async function enroll(cloud: TestCloud, enrollment: Enrollment): Promise<TestResponse> {
  const body = encodeIssueRequest({
    to: ENROLLMENT,
    token: { valueType: enrollment.valueType ?? tokenTypes.jwt, text: enrollment.token },
    csr: enrollment.csr ?? (await csr()),
    context: enrollment.context,
  });
  return post(cloud, ENROLLMENT, body, enrollment.headers);
}

/** A white-glove enrollment of a joined device. */
export const enrollWhiteGlove = async (
  cloud: TestCloud,
  lab: TestTenant,
  device: TestDevice,
  change: Record<string, string | undefined> = {},
): Promise<TestResponse> => enroll(cloud, { token: await deviceToken(cloud, lab, device), context: items(device, change) });

export const getPolicies = (cloud: TestCloud, text: string, valueType: string = tokenTypes.jwt): Promise<TestResponse> =>
  post(cloud, ENROLLMENT, encodeGetPoliciesRequest({ to: ENROLLMENT, token: { valueType, text } }));

/** The document of a successful enrollment. */
export function documentOf(response: TestResponse): ProvisioningDocument {
  if (response.status !== 200) throw new Error(`Refused: ${response.text()}`);
  return decodeProvisioningDocument(decodeResponseCollection(response.body));
}

/** What Windows makes of a refusal. */
export function refusalOf(response: TestResponse): { status: number; subcode: string; errorType: string; reason: string; hresult: string } {
  const fault = decodeEnrollmentFault(response.body);
  if (!fault) throw new Error(`No fault: ${response.status} ${response.text()}`);
  const { subcode, errorType, reason } = fault;
  return { status: response.status, subcode, errorType, reason, hresult: hresultOfFault(fault).toString(16) };
}
