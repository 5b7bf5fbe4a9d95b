import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { attestation } from '@greenscreen/attestation';
import { control } from '@greenscreen/control';
import { decodePkiMessage } from '@greenscreen/crypto/scep';
import { AikCertificate, AikRequest, deviceTpmKeyState } from '@greenscreen/model/attestation';
import { AutopilotDevice } from '@greenscreen/model/autopilot';
import { JournalEntry } from '@greenscreen/model/installation';
import { type Tenant } from '@greenscreen/model/tenancy';
import { decodeAuthorityHost } from '@greenscreen/wire/scep';
import { encodePublicArea, rsaEkTemplate } from '@greenscreen/wire/tpm';
import { createPublicKey, randomBytes, randomUUID } from 'node:crypto';
import { startCloud, type TestCloud, useCloud } from '../../support/cloud.js';
import { newTenant } from '../../support/tenant.js';
import {
  answerMessage,
  challenge,
  CHALLENGE_FAILED,
  CONTROL,
  enroll,
  FIRMWARE,
  get,
  type Machine,
  manufacture,
  manufactureFor,
  NO_VALID_EK,
  openIssued,
  post,
  requestMessage,
} from './support.js';

const cloud = useCloud(attestation, control);
const em = () => cloud().context.dataSource.manager;
const MINUTE = 60_000;

/** Registers a PC in a tenant of its own. */
async function register({ ekHash }: Machine, switches: Tenant['switches'] = {}): Promise<{ tenant: string; serial: string }> {
  const { tenant } = await newTenant(cloud(), switches);
  const serial = `S-${randomBytes(4).toString('hex')}`;
  await em().insert(AutopilotDevice, {
    ztdId: randomUUID(),
    tenantId: tenant.id,
    serialNumber: serial,
    manufacturer: 'm',
    model: 'm',
    ekHash,
    ddid: `0018${ekHash.slice(0, 12).toUpperCase()}`,
    hardwareHash: 'T0',
    createdAt: new Date(),
  });
  return { tenant: tenant.id, serial };
}

const request = async (pc: Machine) => post(cloud(), pc, await requestMessage(cloud(), pc));
const messageOf = async (pc: Machine): Promise<unknown> => (await request(pc)).json();

describe('a request', () => {
  let other: TestCloud;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    ({ cloud: other, stop } = await startCloud([attestation]));
  });
  afterAll(() => stop());

  it('made at one replica is answered at another, and both show the same certificates', async () => {
    const pc = await manufacture(cloud());
    expect((await get(other, pc, 'GetCACertChain')).body).toEqual((await get(cloud(), pc, 'GetCACertChain')).body);
    const received = await challenge(cloud(), pc);
    const message = await answerMessage(other, pc, received);
    openIssued(pc, await post(other, pc, message));
    expect((await post(cloud(), pc, message)).json()).toEqual({ Message: CHALLENGE_FAILED });
  });

  it('answered at two replicas at once is answered once', async () => {
    const pc = await manufacture(cloud());
    const message = await answerMessage(cloud(), pc, await challenge(cloud(), pc));
    const answers = await Promise.all([cloud(), other, cloud(), other].map((replica) => post(replica, pc, message)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('03-30 expires by the clock of the tenant where its EK is registered', async () => {
    const pc = await manufacture(cloud());
    const { tenant, serial } = await register(pc);
    const { clock } = cloud().context;
    const first = await challenge(cloud(), pc);
    await clock.advance(tenant, 9 * MINUTE);
    openIssued(pc, await post(cloud(), pc, await answerMessage(cloud(), pc, first)));
    const second = await challenge(cloud(), pc);
    await clock.advance(tenant, 10 * MINUTE);
    expect((await post(cloud(), pc, await answerMessage(cloud(), pc, second))).json()).toEqual({ Message: CHALLENGE_FAILED });
    await cloud().context.journal.flush();
    const [entry] = await em().find(JournalEntry, { where: { run: pc.run, operation: 'PKCSReq' } });
    expect(entry).toMatchObject({ tenantId: tenant, serial, service: 'aik' });
  });

  it('06 D-A73 dates the certificate by that clock', async () => {
    const pc = await manufacture(cloud());
    const { tenant } = await register(pc);
    await cloud().context.clock.set(tenant, { frozenAt: new Date('2027-03-04T05:06:07.890Z') });
    const { certificate } = await enroll(cloud(), pc);
    expect(certificate.notBefore.toISOString()).toBe('2027-03-04T05:06:07.000Z');
    expect(await deviceTpmKeyState(em(), pc.ekHash, new Date('2027-03-04T05:06:07.890Z'))).toBe(4);
    expect(await deviceTpmKeyState(em(), pc.ekHash, new Date('2027-03-04T05:06:07.891Z'))).toBe(3);
  });

  it('that is refused leaves nothing behind', async () => {
    const pc = await manufacture(cloud(), { defect: 'expired' });
    expect(await messageOf(pc)).toEqual({ Message: NO_VALID_EK });
    expect(await em().countBy(AikRequest, { ekHash: pc.ekHash })).toBe(0);
  });
});

describe('switches of the tenant', () => {
  it('attestation.challengeMinutes', async () => {
    const pc = await manufacture(cloud());
    const { tenant } = await register(pc, { 'attestation.challengeMinutes': 2 });
    const received = await challenge(cloud(), pc);
    await cloud().context.clock.advance(tenant, 2 * MINUTE);
    expect((await post(cloud(), pc, await answerMessage(cloud(), pc, received))).json()).toEqual({ Message: CHALLENGE_FAILED });
  });

  it('attestation.failureForm: refusals inside SCEP', async () => {
    const pc = await manufacture(cloud(), { firmware: '7.61' });
    await register(pc, { 'attestation.failureForm': 'scep' });
    const response = await request(pc);
    expect([response.status, response.headers['content-type']]).toEqual([200, 'application/x-pki-message']);
    expect(decodePkiMessage(response.body)).toMatchObject({
      pkiStatus: '2',
      failInfo: '2',
      scepError: String(0x80190190 | 0),
      serverMessage: FIRMWARE,
    });
    const plain = await manufacture(cloud(), { firmware: '7.61' });
    await register(plain);
    expect(await messageOf(plain)).toEqual({ Message: FIRMWARE });
  });

  it('attestation.revocationListUnavailable and attestation.revocationHardFail: EK_EXPIRED_CRL', async () => {
    const status = async (defect: string, switches: Tenant['switches']) => {
      const pc = await manufacture(cloud(), { defect });
      await register(pc, switches);
      return (await request(pc)).status;
    };
    const unavailable = { 'attestation.revocationListUnavailable': true };
    const hard = { 'attestation.revocationHardFail': true };
    expect(await status('revoked', {})).toBe(400);
    expect(await status('revoked', hard)).toBe(400);
    expect(await status('none', hard)).toBe(200);
    expect(await status('revoked', unavailable)).toBe(200);
    expect(await status('none', { ...unavailable, ...hard })).toBe(400);
  });

  it('attestation.allowVulnerableFirmware and attestation.checkModulus', async () => {
    const old = await manufacture(cloud(), { firmware: '7.61' });
    await register(old, { 'attestation.allowVulnerableFirmware': true });
    expect((await request(old)).status).toBe(200);
    const weak = (): Promise<Machine> => manufactureFor(cloud(), weakEk());
    const unchecked = await weak();
    await register(unchecked);
    expect((await request(unchecked)).status).toBe(200);
    const checked = await weak();
    await register(checked, { 'attestation.checkModulus': true });
    expect(await messageOf(checked)).toEqual({ Message: FIRMWARE });
    const sound = await manufacture(cloud());
    await register(sound, { 'attestation.checkModulus': true });
    expect((await request(sound)).status).toBe(200);
  });
});

/** A public key whose modulus bears the trace of weak key generation; nobody has its private half. */
function weakEk() {
  const primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109];
  const primorial = [...primes, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167].reduce((product, prime) => product * BigInt(prime), 1n);
  const random = BigInt(`0x${Buffer.concat([Buffer.from('ff', 'hex'), randomBytes(255)]).toString('hex')}`);
  const modulus = Buffer.from((random - (random % primorial) + 65537n).toString(16), 'hex');
  return {
    publicArea: encodePublicArea({ ...rsaEkTemplate, modulus }),
    publicKey: createPublicKey({ key: { kty: 'RSA', n: modulus.toString('base64url'), e: 'AQAB' }, format: 'jwk' }),
  };
}

describe('control', () => {
  const call = (path: string, body?: object) =>
    cloud().request(`${CONTROL}${path}`, body === undefined ? {} : { body: JSON.stringify(body) });

  it('revokes an AIK, which a new enrollment replaces, and an EK, which nothing replaces', async () => {
    const pc = await manufacture(cloud());
    const { tenant, serial } = await register(pc);
    const since = new Date();
    const state = () => deviceTpmKeyState(em(), pc.ekHash, since);
    await enroll(cloud(), pc);
    expect(await state()).toBe(4);
    expect((await call('/attestation/revocations', { tenant, serial, what: 'aik' })).status).toBe(204);
    expect(await state()).toBe(3);
    await enroll(cloud(), pc);
    expect(await state()).toBe(4);
    expect((await call('/attestation/revocations', { ekHash: pc.ekHash })).status).toBe(204);
    expect((await call('/attestation/revocations', { ekHash: pc.ekHash })).status).toBe(204);
    expect(await state()).toBe(5);
    expect(await messageOf(pc)).toEqual({ Message: NO_VALID_EK });
    expect(await em().countBy(AikCertificate, { ekHash: pc.ekHash })).toBe(2);
    expect((await call('/attestation/revocations', { tenant, serial: 'none' })).status).toBe(404);
    expect((await call('/attestation/revocations', {})).status).toBe(400);
  });

  it('03-12 disables an authority and lists it', async () => {
    const pc = await manufacture(cloud(), { vendor: 'NTZ' });
    const name = decodeAuthorityHost(pc.host);
    if (!name) throw new Error('no authority');
    expect((await call('/attestation/authorities', { ...name, enabled: false })).status).toBe(204);
    expect((await get(cloud(), pc, 'GetCACaps')).status).toBe(404);
    expect((await call('/attestation/authorities')).json()).toMatchObject({
      value: expect.arrayContaining([expect.objectContaining({ ...name, enabled: false, region: 'WUS' })]),
    });
    expect((await call('/attestation/authorities', { ...name, enabled: true })).status).toBe(204);
    expect((await get(cloud(), pc, 'GetCACaps')).status).toBe(200);
    expect((await call('/attestation/authorities', { vendor: 'NTZ', keyId: '0'.repeat(40), enabled: true })).status).toBe(404);
  });

  it('shows what the attestation services know beside the other records of a device', async () => {
    const pc = await manufacture(cloud());
    const { tenant, serial } = await register(pc);
    await enroll(cloud(), pc);
    expect((await call(`/devices/${serial}?tenant=${tenant}`)).json()).toMatchObject({
      TPM: {
        ekHash: pc.ekHash,
        ekRevokedAt: null,
        ekCertificate: { vendor: 'IFX', published: false },
        aikCertificate: { revokedAt: null },
        aikRequests: [{ state: 'issued', clientInfo: { machine: 'LAB-01' } }],
      },
    });
  });
});
