import { msOrganizationAccess, msOrganizationAccessNameDer } from '@greenscreen/host/authority/definitions';
import { publicKeyHash } from '@greenscreen/host/identity';
import { generateKeyPair, type KeyPair, spkiOf } from '@greenscreen/crypto/keys';
import { type DigestSigner, signCompactJws } from '@greenscreen/crypto/jose';
import { basicConstraints, commonName, issueCertificate, thumbprint } from '@greenscreen/crypto/x509';
import { DeviceCertificate, EntraDevice } from '@greenscreen/model/directory';
import { constants, privateEncrypt, randomUUID, type KeyObject } from 'node:crypto';
import { type TestCloud, type TestResponse } from '../../support/cloud.js';
import { type TestTenant } from '../../support/tenant.js';

export const STS = 'https://login.microsoftonline.com';
export const DRS_URN = 'urn:ms-drs:enterpriseregistration.windows.net';
export const ENROLLMENT = 'https://enrollment.manage.microsoft.com/';
export const BROKER = '29d9ed98-a469-4536-ade2-f981bc1d605e';
export const WINDOWS_SIGN_IN = '38aa3b87-a06d-4817-b275-7a316988d93b';
export const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

export type Members = Record<string, unknown>;

/** The JSON object of an answer. */
export function members(response: TestResponse): Members {
  const value = response.json();
  if (typeof value !== 'object' || value === null) throw new Error(`Not a JSON object: ${response.text()}`);
  return Object.fromEntries(Object.entries(value));
}

export const text = (value: unknown): string => {
  if (typeof value !== 'string') throw new Error(`Not a text: ${JSON.stringify(value)}`);
  return value;
};

/** Claims of a JWT, not verified. */
export const claims = (token: unknown): Members =>
  JSON.parse(Buffer.from(text(token).split('.')[1] ?? '', 'base64url').toString()) as Members;
export const header = (token: unknown): Members =>
  JSON.parse(Buffer.from(text(token).split('.')[0] ?? '', 'base64url').toString()) as Members;

export function post(
  cloud: TestCloud,
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<TestResponse> {
  return cloud.request(`${STS}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields).toString(),
  });
}

export const passwordForm = ({ user, password }: TestTenant, more: Record<string, string> = {}): Record<string, string> => ({
  grant_type: 'password',
  client_id: BROKER,
  username: user.upn,
  password,
  resource: DRS_URN,
  ...more,
});

/** A software key in a TPM's place: signs a SHA-256 digest with PKCS#1 v1.5. */
export const digestSigner =
  (key: KeyObject): DigestSigner =>
  async (digest) =>
    privateEncrypt(
      { key, padding: constants.RSA_PKCS1_PADDING },
      Buffer.concat([Buffer.from('3031300d060960864801650304020105000420', 'hex'), digest]),
    );

export interface JoinedDevice {
  readonly device: EntraDevice;
  readonly certificate: Buffer;
  readonly keys: KeyPair;
  readonly transport: KeyPair;
}

/** A device as a join leaves it behind: object, certificate, transport key. */
export async function joinedDevice({ context }: TestCloud, { tenant }: TestTenant, physicalIds: string[] = []): Promise<JoinedDevice> {
  const [keys, transport, ca] = await Promise.all([
    generateKeyPair('rsa2048'),
    generateKeyPair('rsa2048'),
    context.authorities.get(msOrganizationAccess),
  ]);
  const now = await context.clock.now(tenant.id);
  const deviceId = randomUUID();
  const em = context.dataSource.manager;
  const device = em.create(EntraDevice, {
    objectId: randomUUID(),
    deviceId,
    tenantId: tenant.id,
    state: 'joined_device',
    accountEnabled: true,
    disabledBy: null,
    displayName: 'LAB',
    trustType: 'AzureAd',
    profileType: 'RegisteredDevice',
    physicalIds,
    operatingSystem: 'Windows',
    operatingSystemVersion: '10.0',
    registrationDateTime: now,
    approximateLastSignInDateTime: null,
    isManaged: null,
    isCompliant: null,
    mdmAppId: null,
    enrollmentProfileName: null,
    transportKey: null,
    transportKeySpki: spkiOf(transport.publicKey),
    localUnjoinedAt: null,
    createdAt: now,
  });
  await em.insert(EntraDevice, device);
  const certificate = await bindCertificate(context, device, keys, ca.privateKey, now);
  return { device, certificate, keys, transport };
}

async function bindCertificate(
  { dataSource }: TestCloud['context'],
  device: EntraDevice,
  keys: KeyPair,
  signingKey: KeyObject,
  now: Date,
): Promise<Buffer> {
  const notBefore = new Date(now.getTime() - 1_800_000);
  const notAfter = new Date(new Date(now).setUTCFullYear(now.getUTCFullYear() + 10));
  const der = issueCertificate({
    issuer: msOrganizationAccessNameDer,
    subject: commonName(device.deviceId),
    notBefore,
    notAfter,
    publicKey: keys.publicKey,
    signingKey,
    extensions: [basicConstraints(false)],
  });
  await dataSource.manager.insert(DeviceCertificate, {
    thumbprint: thumbprint(der),
    objectId: device.objectId,
    tenantId: device.tenantId,
    deviceId: device.deviceId,
    der,
    publicKeyHash: publicKeyHash(spkiOf(keys.publicKey)),
    notBefore,
    notAfter,
    issuedAt: now,
    replacedAt: null,
  });
  return der;
}

export async function nonce(cloud: TestCloud, tenant = 'common'): Promise<string> {
  return text(members(await post(cloud, `/${tenant}/oauth2/token`, { grant_type: 'srv_challenge' })).Nonce);
}

/** A request signed with the device certificate's key. */
export function deviceSigned(
  { certificate, keys }: JoinedDevice,
  payload: Members,
  x5c: unknown = certificate.toString('base64'),
): Promise<string> {
  return signCompactJws({ alg: 'RS256', typ: 'JWT', x5c }, payload, digestSigner(keys.privateKey));
}

export const signedForm = (request: string, more: Record<string, string> = {}): Record<string, string> => ({
  windows_api_version: '2.2',
  grant_type: JWT_BEARER,
  request,
  ...more,
});
