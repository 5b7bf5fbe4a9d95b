import { readDeviceCertificate } from '@greenscreen/crypto/device-certificate';
import { certificateKeyId, jwkThumbprint, signJwt } from '@greenscreen/crypto/jose';
import { type DigestSigner } from '@greenscreen/crypto/jose';
import { generateKeyPair, type KeyPair, rsaNumbers, spkiOf } from '@greenscreen/crypto/keys';
import { encodeCsr } from '@greenscreen/crypto/pkcs10';
import { commonName, encodeName } from '@greenscreen/crypto/x509';
import { stsSigning } from '@greenscreen/host/authority/definitions';
import { drs } from '@greenscreen/drs';
import { sts } from '@greenscreen/sts';
import { AuditRecord } from '@greenscreen/model/audit';
import { EntraDevice } from '@greenscreen/model/directory';
import { type DirectoryUser } from '@greenscreen/model/tenancy';
import { encodeTransportKey } from '@greenscreen/wire/drs';
import { randomUUID } from 'node:crypto';
import { type TestCloud, type TestResponse } from '../../support/cloud.js';
import { type TestTenant } from '../../support/tenant.js';
import { BROKER, digestSigner, DRS_URN, members, type Members, text } from '../sts/support.js';
import { type Machine } from '../sts/userless.support.js';

export const DRS = 'https://enterpriseregistration.windows.net';
export const JOIN_SUBJECT = '7E980AD9-B86D-4306-9425-9AC066FB014A';

/** Token service and registration service. */
export const entra = [sts, drs];

/** A token of the installation's signing key, whatever it says. */
export async function signToken({ context }: TestCloud, payload: Members): Promise<string> {
  const { certificate, privateKey } = await context.authorities.get(stsSigning);
  const kid = certificateKeyId(certificate);
  return signJwt(payload, { alg: 'RS256', kid, privateKey });
}

const baseClaims = (tenantId: string): Members => {
  const at = Math.floor(Date.now() / 1000);
  return {
    aud: DRS_URN,
    iss: `https://sts.windows.net/${tenantId}/`,
    iat: at - 300,
    nbf: at - 300,
    exp: at + 3600,
    tid: tenantId,
    ver: '1.0',
  };
};

/** A user's access token for the registration service. */
export const userToken = (
  cloud: TestCloud,
  { tenant, user }: TestTenant,
  change: Members = {},
  who: DirectoryUser = user,
): Promise<string> =>
  signToken(cloud, {
    ...baseClaims(tenant.id),
    amr: ['pwd'],
    appid: BROKER,
    appidacr: '0',
    idtyp: 'user',
    oid: who.id,
    scp: 'self_service_device_delete',
    unique_name: who.upn,
    upn: who.upn,
    ...change,
  });

/** A device token as the userless sign-in gives it, without the bond to a key unless asked for. */
export const deviceToken = (
  cloud: TestCloud,
  { tenant }: TestTenant,
  pc: Pick<Machine, 'ztdId' | 'deviceId'>,
  change: Members = {},
): Promise<string> =>
  signToken(cloud, {
    ...baseClaims(tenant.id),
    amr: ['rsa'],
    appid: BROKER,
    appidacr: '0',
    idtyp: 'device',
    deviceid: pc.deviceId,
    sub: pc.deviceId,
    ztdid: pc.ztdId,
    ...change,
  });

/** `cnf` claim of a key. */
export const boundTo = async (keys: KeyPair): Promise<Members> => ({ cnf: { jkt: await jwkThumbprint(keys.publicKey) } });

export const csrOf = (keys: KeyPair, subject = JOIN_SUBJECT, signDigest: DigestSigner = digestSigner(keys.privateKey)): Promise<Buffer> =>
  encodeCsr({ subject: encodeName(commonName(subject)), spki: spkiOf(keys.publicKey) }, signDigest);

export function keyBlob({ publicKey }: KeyPair): string {
  const { modulus, exponent } = rsaNumbers(publicKey);
  return encodeTransportKey(modulus, exponent);
}

export interface JoinKeys {
  readonly device: KeyPair;
  readonly transport: KeyPair;
}

export const newKeys = async (): Promise<JoinKeys> => {
  const [device, transport] = await Promise.all([generateKeyPair('rsa2048'), generateKeyPair('rsa2048')]);
  return { device, transport };
};

/** A join's JSON as Windows writes it; members of `change` replace others, undefined ones go. */
export async function joinBody(keys: JoinKeys, change: Members = {}): Promise<string> {
  return JSON.stringify({
    CertificateRequest: { Type: 'pkcs10', Data: (await csrOf(keys.device)).toString('base64') },
    TransportKey: keyBlob(keys.transport),
    TargetDomain: 'lab.example',
    DeviceType: 'Windows',
    OSVersion: '10.0.26100.2454',
    DeviceDisplayName: 'LAB-1',
    JoinType: 0,
    attributes: { ReuseDevice: 'true', ReturnClientSid: 'true' },
    ...change,
  });
}

export function postJoin(cloud: TestCloud, token: string | undefined, body: string, version = '1.0', headers: Record<string, string> = {}) {
  return cloud.request(`${DRS}/EnrollmentServer/device/?api-version=${version}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
    body,
  });
}

/** DER of the certificate in a join's answer. */
export const certificateOf = (answer: TestResponse): Buffer => Buffer.from(text(object(members(answer).Certificate).RawBody), 'base64');

export function object(value: unknown): Members {
  if (typeof value !== 'object' || value === null) throw new Error(`Not an object: ${JSON.stringify(value)}`);
  return Object.fromEntries(Object.entries(value));
}

/** A joined device of a user: keys, certificate, object. */
export async function joinedByUser(cloud: TestCloud, lab: TestTenant, change: Members = {}, who?: DirectoryUser) {
  const keys = await newKeys();
  const answer = await postJoin(cloud, await userToken(cloud, lab, {}, who), await joinBody(keys, change));
  if (answer.status !== 200) throw new Error(answer.text());
  const certificate = certificateOf(answer);
  const device = await deviceOfCertificate(cloud, certificate);
  return { keys, certificate, device };
}

export async function deviceOfCertificate({ context }: TestCloud, certificate: Buffer): Promise<EntraDevice> {
  const { deviceId } = readDeviceCertificate(certificate);
  return context.dataSource.manager.findOneByOrFail(EntraDevice, { deviceId: deviceId ?? randomUUID() });
}

export const findDevice = ({ context }: TestCloud, deviceId: string): Promise<EntraDevice> =>
  context.dataSource.manager.findOneByOrFail(EntraDevice, { deviceId });

/** Entries of the directory audit of a tenant as `service / activity`, oldest first. */
export async function auditTrail({ context }: TestCloud, { tenant }: TestTenant): Promise<AuditRecord[]> {
  return context.dataSource.manager.find(AuditRecord, { where: { tenantId: tenant.id, log: 'directory' }, order: { sequence: 'ASC' } });
}
