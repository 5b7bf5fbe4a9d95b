import { certificateKeyId, signJwt } from '@greenscreen/crypto/jose';
import { generateKeyPair, type KeyPair, rsaNumbers } from '@greenscreen/crypto/keys';
import { msaTicket } from '@greenscreen/host/authority/definitions';
import { AutopilotDevice } from '@greenscreen/model/autopilot';
import { EntraDevice } from '@greenscreen/model/directory';
import { createHash, randomBytes, randomUUID, sign } from 'node:crypto';
import { aikCertificate } from '../../support/aik.js';
import { type TestCloud } from '../../support/cloud.js';
import { type TestTenant } from '../../support/tenant.js';
import { type Members } from './support.js';

export interface Machine {
  readonly ekHash: string;
  readonly ddid: string;
  readonly gdid: string;
  readonly ztdId: string;
  readonly deviceId: string;
  readonly dk: KeyPair;
  readonly aik: KeyPair;
  readonly aikCertificate: Buffer;
}

/** A registered device with its pre-created object and an AIK certificate. */
export async function registeredMachine(cloud: TestCloud, { tenant }: TestTenant): Promise<Machine> {
  const em = cloud.context.dataSource.manager;
  const [dk, aik] = await Promise.all([generateKeyPair('rsa2048'), generateKeyPair('rsa2048')]);
  const ekHash = randomBytes(32).toString('hex');
  const ztdId = randomUUID();
  const deviceId = randomUUID();
  const now = new Date();
  const ddid = `0018${ekHash.slice(0, 12).toUpperCase()}`;
  await em.insert(AutopilotDevice, {
    ztdId,
    tenantId: tenant.id,
    serialNumber: 'S1',
    manufacturer: 'm',
    model: 'm',
    ekHash,
    ddid,
    hardwareHash: 'T0',
    entraDeviceId: deviceId,
    createdAt: now,
  });
  await em.insert(EntraDevice, {
    objectId: randomUUID(),
    deviceId,
    tenantId: tenant.id,
    state: 'precreated',
    accountEnabled: false,
    disabledBy: 'import',
    displayName: 'S1',
    physicalIds: [`[ZTDID]:${ztdId}`],
    createdAt: now,
  });
  return {
    ekHash,
    ddid,
    gdid: `0018${randomBytes(6).toString('hex').toUpperCase()}`,
    ztdId,
    deviceId,
    dk,
    aik,
    aikCertificate: await aikCertificate(cloud, aik, ekHash),
  };
}

/** A device ticket for DRS as login.live.com mints it. */
export async function mintTicket({ context }: TestCloud, { ddid, gdid, ekHash }: Machine, change: Members = {}): Promise<string> {
  const { certificate, privateKey } = await context.authorities.get(msaTicket);
  const iat = Math.floor(Date.now() / 1000);
  const payload = {
    iss: 'login.live.com',
    aud: 'enterpriseregistration.windows.net',
    ddid,
    gdid,
    ekh: ekHash,
    tks: 4,
    iat,
    exp: iat + 86_400,
    ...change,
  };
  return `t=${await signJwt(payload, { alg: 'ES256', kid: certificateKeyId(certificate), privateKey })}&p=`;
}

const sized = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);

/** TPMT_PUBLIC of a key that a TPM made and keeps. */
export const publicAreaOf = (key: KeyPair): Buffer =>
  Buffer.concat([Buffer.from('0001000b000600720000001000100800', 'hex'), Buffer.alloc(4), sized(rsaNumbers(key.publicKey).modulus)]);

/** What a TPM says when an AIK certifies a key. */
export function certify(key: KeyPair, aik: KeyPair, qualifyingData: Buffer) {
  const publicArea = publicAreaOf(key);
  const name = Buffer.concat([Buffer.from('000b', 'hex'), createHash('sha256').update(publicArea).digest()]);
  const attest = Buffer.concat([
    Buffer.from('ff5443478017', 'hex'),
    sized(Buffer.alloc(34)),
    sized(qualifyingData),
    Buffer.alloc(25),
    sized(name),
    sized(Buffer.alloc(34)),
  ]);
  return { publicArea, attest, signature: Buffer.concat([Buffer.from('0014000b', 'hex'), sized(sign('sha256', attest, aik.privateKey))]) };
}
