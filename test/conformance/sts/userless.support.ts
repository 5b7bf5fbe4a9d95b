import { Global, Module } from '@nestjs/common';
import { certificateKeyId, signJwt } from '@greenscreen/crypto/jose';
import { generateKeyPair, type KeyPair, rsaNumbers } from '@greenscreen/crypto/keys';
import {
  basicConstraints,
  certificatePolicies,
  commonName,
  decodeCertificate,
  encodeName,
  type Extension,
  extendedKeyUsage,
  issueCertificate,
  subjectKeyIdentifier,
} from '@greenscreen/crypto/x509';
import { msaTicket } from '@greenscreen/host/authority/definitions';
import { AIK_SOURCE, type AikRecord, type AikSource } from '@greenscreen/host/identity';
import { AutopilotDevice } from '@greenscreen/model/autopilot';
import { EntraDevice } from '@greenscreen/model/directory';
import { sts } from '@greenscreen/sts';
import { createHash, randomBytes, randomUUID, sign } from 'node:crypto';
import { type TestCloud } from '../../support/cloud.js';
import { type TestTenant } from '../../support/tenant.js';
import { type Members } from './support.js';

const DAY = 86_400_000;
const from = new Date(Date.now() - DAY);
const until = new Date(Date.now() + 3650 * DAY);
export const AIK_EKU = extendedKeyUsage(['2.23.133.8.3']);
export const EK_VERIFIED = certificatePolicies([{ oid: '1.3.6.1.4.1.311.21.31', notice: 'TCPA  Trusted  Platform  Identity' }], true);

/** An AIK service's records, with an authority of the test's own. */
const issued = new Map<string, AikRecord>();
const name = commonName('Test AIK CA');
const keys = await generateKeyPair('rsa2048');
const authority = issueCertificate({
  issuer: name,
  subject: name,
  notBefore: from,
  notAfter: until,
  publicKey: keys.publicKey,
  signingKey: keys.privateKey,
  extensions: [basicConstraints(true), subjectKeyIdentifier(keys.publicKey)],
});
const source: AikSource = {
  issuers: async () => ({ roots: [decodeCertificate(authority)], intermediates: [] }),
  find: async (certificate) => issued.get(certificate.toString('base64')) ?? null,
};

@Global()
@Module({ providers: [{ provide: AIK_SOURCE, useValue: source }], exports: [AIK_SOURCE] })
class AikRecords {}

/** The token service beside an AIK service. */
@Module({ imports: [AikRecords, sts.module] })
export class StsWithAiks {}

export interface AikChange {
  readonly extensions?: Extension[];
  readonly notAfter?: Date;
  readonly signingKey?: KeyPair['privateKey'];
  /** Leave no record of it. */
  readonly unknown?: boolean;
  readonly revokedAt?: Date;
}

export function aikCertificate(aik: KeyPair, ekHash: string, change: AikChange = {}): Buffer {
  const der = issueCertificate({
    issuer: name,
    subject: encodeName([]),
    notBefore: from,
    notAfter: change.notAfter ?? until,
    publicKey: aik.publicKey,
    signingKey: change.signingKey ?? keys.privateKey,
    extensions: change.extensions ?? [basicConstraints(false), EK_VERIFIED, AIK_EKU],
  });
  if (!change.unknown) issued.set(der.toString('base64'), { ekHash, revokedAt: change.revokedAt ?? null });
  return der;
}

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
export async function registeredMachine({ context }: TestCloud, { tenant }: TestTenant): Promise<Machine> {
  const em = context.dataSource.manager;
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
    aikCertificate: aikCertificate(aik, ekHash),
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

/** What a TPM says when an AIK certifies a key. */
export function certify(key: KeyPair, aik: KeyPair, qualifyingData: Buffer) {
  const publicArea = Buffer.concat([
    Buffer.from('0001000b000600720000001000100800', 'hex'),
    Buffer.alloc(4),
    sized(rsaNumbers(key.publicKey).modulus),
  ]);
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
