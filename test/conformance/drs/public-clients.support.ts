import { type KeyPair } from '@greenscreen/crypto/keys';
import {
  constants,
  createDecipheriv,
  createHash,
  createHmac,
  createPublicKey,
  privateDecrypt,
  randomBytes,
  sign,
  verify,
  X509Certificate,
} from 'node:crypto';
import { type TestCloud, type TestResponse } from '../../support/cloud.js';
import { type TestTenant } from '../../support/tenant.js';
import { JWT_BEARER, members, type Members, STS, text } from '../sts/support.js';
import { csrOf, DRS, type JoinKeys, keyBlob } from './support.js';

/**
 * What public tools do, written here with nothing but Node's own cryptography, as those tools do it with their libraries' (reference 02, 7
 * and 17): none of our codecs, so that both sides of an encoding cannot be wrong together.
 */
export interface ToolDevice {
  readonly keys: JoinKeys;
  /** base64 DER as the answer carried it. */
  readonly certificate: string;
  readonly deviceId: string;
}

const urlJson = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
/** AADInternals' way: the standard alphabet without padding. */
const plainJson = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64').replaceAll('=', '');

export const form = (fields: Members): string =>
  new URLSearchParams(Object.entries(fields).map(([name, value]): [string, string] => [name, String(value)])).toString();

export function postForm(
  cloud: TestCloud,
  path: string,
  body: string,
  contentType: string | undefined = 'application/x-www-form-urlencoded',
) {
  return cloud.request(`${STS}${path}`, { method: 'POST', headers: contentType ? { 'content-type': contentType } : {}, body });
}

export const postFields = (cloud: TestCloud, path: string, fields: Members): Promise<TestResponse> => postForm(cloud, path, form(fields));

export async function srvChallenge(cloud: TestCloud, tenant = 'common', contentType?: string): Promise<string> {
  const answer = await postForm(cloud, `/${tenant}/oauth2/token`, 'grant_type=srv_challenge', contentType);
  return text(members(answer).Nonce);
}

export const DRS_GUID = '01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9';
/** Where public programs let the browser end. */
export const NATIVE = 'https://login.microsoftonline.com/common/oauth2/nativeclient';

export const passwordOf = ({ user, password }: TestTenant, more: Members = {}): Members => ({
  grant_type: 'password',
  username: user.upn,
  password,
  ...more,
});

/** The form around a signed request. */
export const signedFields = (request: string, more: Members = {}): Members => ({
  windows_api_version: '2.2',
  grant_type: JWT_BEARER,
  request,
  ...more,
});

/** Deletes the device under its own certificate. */
export const removeWithTool = (cloud: TestCloud, { deviceId, certificate }: ToolDevice, query = ''): Promise<TestResponse> =>
  cloud.request(`${DRS}/EnrollmentServer/device/${deviceId}${query}`, {
    method: 'DELETE',
    headers: { 'user-agent': 'Dsreg/10.0 (Windows 10.0.19044.1826)', accept: 'application/json1' },
    clientCertificate: Buffer.from(certificate, 'base64'),
  });

export interface JoinOptions {
  readonly token: string;
  readonly version: string;
  readonly url?: string;
  readonly body?: Members;
  /** `attributes` or `Attributes`. */
  readonly attributes: Members;
}

/** Joins or registers, and takes the certificate apart as the tools do. */
export async function joinWithTool(
  cloud: TestCloud,
  keys: JoinKeys,
  { token, version, url, body = {}, attributes }: JoinOptions,
): Promise<ToolDevice> {
  const answer = await cloud.request(`${url ?? `${DRS}/EnrollmentServer/device/`}?api-version=${version}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'user-agent': 'DeviceRegistrationClient' },
    body: JSON.stringify({
      CertificateRequest: { Type: 'pkcs10', Data: (await csrOf(keys.device)).toString('base64') },
      TransportKey: keyBlob(keys.transport),
      TargetDomain: 'lab.example',
      DeviceType: 'Windows',
      OSVersion: '10.0.19041.928',
      DeviceDisplayName: 'DESKTOP-TOOL',
      JoinType: 0,
      ...attributes,
      ...body,
    }),
  });
  return toolDevice(keys, answer);
}

/** The device of a join's answer. */
export function toolDevice(keys: JoinKeys, answer: TestResponse): ToolDevice {
  if (answer.status !== 200) throw new Error(answer.text());
  const { Certificate } = answer.json() as { Certificate: { RawBody: string } };
  const subject = new X509Certificate(Buffer.from(Certificate.RawBody, 'base64')).subject;
  return { keys, certificate: Certificate.RawBody, deviceId: subject.split('=')[1] ?? '' };
}

/** A person types a device's code on its page and signs in. */
export async function approveDeviceCode(cloud: TestCloud, { user, password }: TestTenant, userCode: string): Promise<void> {
  const page = (await postFields(cloud, '/common/oauth2/deviceauth', { otc: userCode })).text();
  const { sFT } = JSON.parse(page.slice(page.indexOf('$Config=') + 8, page.indexOf('//]]>') - 2)) as { sFT: string };
  const answer = await postFields(cloud, '/common/login', { login: user.upn, passwd: password, flowToken: sFT });
  if (!answer.text().includes('You have signed in')) throw new Error(answer.text());
}

export interface SignOptions {
  readonly x5c: 'string' | 'array';
  readonly alphabet?: 'url' | 'standard';
  readonly header?: Members;
}

/** A request signed by the device certificate's key. */
export function deviceJws(
  { keys, certificate }: ToolDevice,
  payload: Members,
  { x5c, alphabet = 'url', header = {} }: SignOptions,
): string {
  const part = alphabet === 'url' ? urlJson : plainJson;
  const input = `${part({ alg: 'RS256', typ: 'JWT', x5c: x5c === 'array' ? [certificate] : certificate, ...header })}.${part(payload)}`;
  return `${input}.${sign('sha256', Buffer.from(input, 'ascii'), keys.device.privateKey).toString('base64url')}`;
}

export interface ToolPrt {
  readonly token: string;
  readonly sessionKey: Buffer;
}

/** Unwraps the session key: RSA-OAEP with SHA-1; the tag must verify with empty additional data. */
export function prtOf({ keys }: ToolDevice, answer: TestResponse): ToolPrt {
  const { refresh_token, session_key_jwe, expires_in, refresh_token_expires_in, id_token } = members(answer);
  if (typeof expires_in !== 'string' || typeof refresh_token_expires_in !== 'number') throw new Error(answer.text());
  if (!text(id_token).endsWith('.')) throw new Error('The ID token is not unsigned');
  const [, wrapped = '', iv = '', ciphertext = '', tag = ''] = text(session_key_jwe).split('.');
  const sessionKey = privateDecrypt(
    { key: keys.transport.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
    Buffer.from(wrapped, 'base64url'),
  );
  const cipher = createDecipheriv('aes-256-gcm', sessionKey, Buffer.from(iv, 'base64url'));
  cipher.setAuthTag(Buffer.from(tag, 'base64url'));
  Buffer.concat([cipher.update(Buffer.from(ciphertext, 'base64url')), cipher.final()]);
  return { token: text(refresh_token), sessionKey };
}

function derive(sessionKey: Buffer, context: Buffer): Buffer {
  const data = Buffer.concat([
    Buffer.from([0, 0, 0, 1]),
    Buffer.from('AzureAD-SecureConversation\0', 'ascii'),
    context,
    Buffer.from([0, 0, 1, 0]),
  ]);
  return createHmac('sha256', sessionKey).update(data).digest();
}

/** A request signed under the PRT's session key. */
export function sessionJws(
  { sessionKey }: ToolPrt,
  payload: Members,
  { kdf = 1, contextBytes = 24 }: { kdf?: 1 | 2; contextBytes?: number } = {},
): string {
  const context = randomBytes(contextBytes);
  const body = Buffer.from(JSON.stringify(payload));
  const bound = kdf === 2 ? createHash('sha256').update(context).update(body).digest() : context;
  const header = { alg: 'HS256', typ: 'JWT', ctx: context.toString('base64'), ...(kdf === 2 ? { kdf_ver: 2 } : {}) };
  const input = `${urlJson(header)}.${body.toString('base64url')}`;
  return `${input}.${createHmac('sha256', derive(sessionKey, bound)).update(input, 'ascii').digest('base64url')}`;
}

/** Opens an encrypted answer: AES-256-CBC under a key derived from its own context, whatever the header calls it. */
export function openSessionAnswer({ sessionKey }: ToolPrt, answer: TestResponse): Members {
  const [header = '', key, iv = '', ciphertext = '', tag] = answer.text().split('.');
  if (key !== '' || tag !== '') throw new Error(`Not a direct JWE without a tag: ${answer.text()}`);
  const { ctx } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { ctx: string };
  const cipher = createDecipheriv('aes-256-cbc', derive(sessionKey, Buffer.from(ctx, 'base64')), Buffer.from(iv, 'base64url'));
  const plain = Buffer.concat([cipher.update(Buffer.from(ciphertext, 'base64url')), cipher.final()]);
  return JSON.parse(plain.toString('utf8')) as Members;
}

/** A Windows Hello assertion by a user's key; `padded` as AADInternals writes it, in the standard alphabet with its padding. */
export function helloAssertion(key: KeyPair, payload: Members, header: Members = {}, alphabet: 'url' | 'padded' = 'url'): string {
  const kid = createHash('sha256')
    .update(Buffer.from(keyBlob(key), 'base64'))
    .digest('base64');
  const part = (value: unknown): string => (alphabet === 'url' ? urlJson(value) : Buffer.from(JSON.stringify(value)).toString('base64'));
  const input = `${part({ alg: 'RS256', typ: 'JWT', kid, use: 'ngc', ...header })}.${part(payload)}`;
  return `${input}.${sign('sha256', Buffer.from(input, 'ascii'), key.privateKey).toString('base64url')}`;
}

/** Whether a JWT is signed by a key of the token service's key set, as a receiver of enrolment tokens checks it. */
export async function verifiesWithKeySet(cloud: TestCloud, token: string): Promise<boolean> {
  const { keys } = (await cloud.request(`${STS}/common/discovery/keys`)).json() as {
    keys: { kid: string; kty: string; n: string; e: string }[];
  };
  const [header = '', payload = '', signature = ''] = token.split('.');
  const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string };
  const jwk = keys.find((key) => key.kid === kid);
  if (!jwk) return false;
  const key = createPublicKey({ key: { kty: jwk.kty, n: jwk.n, e: jwk.e }, format: 'jwk' });
  return verify('sha256', Buffer.from(`${header}.${payload}`, 'ascii'), key, Buffer.from(signature, 'base64url'));
}
