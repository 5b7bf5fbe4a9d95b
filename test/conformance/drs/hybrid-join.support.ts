import { generateKeyPair, type KeyPair } from '@greenscreen/crypto/keys';
import { basicConstraints, commonName, issueCertificate } from '@greenscreen/crypto/x509';
import { type EntraDevice, synchronizeDevice } from '@greenscreen/model/directory';
import { randomUUID, sign } from 'node:crypto';
import { type TestCloud, type TestResponse } from '../../support/cloud.js';
import { type TestTenant } from '../../support/tenant.js';
import { type Members } from '../sts/support.js';
import { csrOf, DRS, type JoinKeys, keyBlob, newKeys } from './support.js';

/** A computer of a local domain, whose object the directory synchronisation has made. */
export interface SynchronizedComputer {
  readonly device: EntraDevice;
  readonly keys: JoinKeys;
  /** Of the synchronised certificate. */
  readonly own: KeyPair;
  readonly sid: string;
}

export async function synchronizedComputer({ context }: TestCloud, { tenant }: TestTenant): Promise<SynchronizedComputer> {
  const own = await generateKeyPair('rsa2048');
  const deviceId = randomUUID();
  const name = commonName(deviceId);
  const userCertificate = issueCertificate({
    issuer: name,
    subject: name,
    notBefore: new Date(0),
    notAfter: new Date('2049-01-01T00:00:00Z'),
    publicKey: own.publicKey,
    signingKey: own.privateKey,
    extensions: [basicConstraints(false)],
  });
  const sid = 'S-1-5-21-1-2-3-1104';
  const device = await synchronizeDevice(context.dataSource.manager, {
    random: context.random,
    at: new Date(),
    correlationId: randomUUID(),
    tenantId: tenant.id,
    deviceId,
    displayName: 'PC1',
    sid,
    userCertificate,
  });
  return { device, keys: await newKeys(), own, sid };
}

/** What differs from the computer's own proof, of now. */
export interface Proof {
  readonly sid?: string;
  readonly at?: Date;
  readonly signer?: KeyPair;
}

/** The request of a hybrid join: `ClientIdentity` is the computer's SID and the time, signed by the key of its synchronised certificate. */
export async function hybridBody({ tenant }: TestTenant, computer: SynchronizedComputer, proof: Proof = {}): Promise<Members> {
  const { keys } = computer;
  const { sid = computer.sid, at = new Date(), signer = computer.own } = proof;
  const statement = `${sid}.${at.toISOString().slice(0, 19).replace('T', ' ')}Z`;
  return {
    CertificateRequest: { Type: 'pkcs10', Data: (await csrOf(keys.device)).toString('base64') },
    JoinType: 6,
    ServerAdJoinData: {
      TransportKey: keyBlob(keys.transport),
      TargetDomain: 'corp.example',
      DeviceType: 'Windows',
      OSVersion: '10.0.26100.2454',
      DeviceDisplayName: 'PC1.corp.example',
      SourceDomainController: 'dc1.corp.example',
      TargetDomainId: tenant.id,
      ClientIdentity: {
        Type: 'sha256signed',
        Sid: statement,
        SignedBlob: sign('sha256', Buffer.from(statement, 'ascii'), signer.privateKey).toString('base64'),
      },
    },
    attributes: { ReuseDevice: 'true', ReturnClientSid: 'true' },
  };
}

export const putHybrid = (cloud: TestCloud, deviceId: string, body: Members, version = '2.0'): Promise<TestResponse> =>
  cloud.request(`${DRS}/EnrollmentServer/device/${deviceId}?api-version=${version}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
