import { describe, expect, it } from '@jest/globals';
import { attestation } from '@greenscreen/attestation';
import { control } from '@greenscreen/control';
import { spkiOf } from '@greenscreen/crypto/keys';
import { decodeTpmIdentity } from '@greenscreen/crypto/ek-certificate';
import { AikCertificate, AikRequest, deviceTpmKeyState } from '@greenscreen/model/attestation';
import { useCloud } from '../../support/cloud.js';
import {
  answerMessage,
  challenge,
  type Challenged,
  CHALLENGE_FAILED,
  enroll,
  flipped,
  type Machine,
  manufacture,
  openChallenge,
  openIssued,
  post,
  requestMessage,
  stranger,
  TRANSACTION,
} from './support.js';

const cloud = useCloud(attestation, control);
const em = () => cloud().context.dataSource.manager;
const hour = 3_600_000;

describe('the dialogue', () => {
  it('03-17 ends with the certificate of the AIK that the TPM made, and the device counts as attested', async () => {
    const pc = await manufacture(cloud());
    const before = new Date();
    expect(await deviceTpmKeyState(em(), pc.ekHash, before)).toBe(3);
    const { aik, certificate } = await enroll(cloud(), pc);
    expect(certificate.spki).toEqual(spkiOf(aik.publicKey));
    expect(await deviceTpmKeyState(em(), pc.ekHash, before)).toBe(4);
    expect(await deviceTpmKeyState(em(), pc.ekHash, new Date(Date.now() + hour))).toBe(3);
    const row = await em().findOneByOrFail(AikCertificate, { ekHash: pc.ekHash });
    expect(row.der).toEqual(certificate.der);
    expect(await em().findOneBy(AikRequest, { id: row.requestId })).toMatchObject({
      state: 'issued',
      secret: null,
      ekHash: pc.ekHash,
      clientInfo: { machine: 'LAB-01', process: 'taskhostw.exe', osVersion: '10.0.26100.2454' },
    });
  });

  it('03-18 takes a P-256 EK as well', async () => {
    const pc = await manufacture(cloud(), { ek: 'ecc', vendor: 'STM', firmware: '1.258' });
    const { aik, certificate } = await enroll(cloud(), pc);
    expect(certificate.spki).toEqual(spkiOf(aik.publicKey));
  });

  it.each(['INTC', 'AMD', 'QCOM', 'MSFT', 'NTC', 'NTZ'])('03-17 serves EKs of %s', async (vendor) => {
    const pc = await manufacture(cloud(), { vendor, firmware: '600.18' });
    expect(pc.host).toMatch(new RegExp(`^${vendor.toLowerCase()}-keyid-[0-9a-f]{40}\\.microsoftaik\\.azure\\.net$`));
    const { certificate } = await enroll(cloud(), pc);
    expect(decodeTpmIdentity(certificate.extensions.get('2.5.29.17')?.value ?? Buffer.alloc(0))).toMatchObject({ model: 'SLB 9670' });
  });

  it('03-20 challenges in the form that clients decode by position', async () => {
    const pc = await manufacture(cloud());
    const { message, plaintext, challenge: tach } = await challenge(cloud(), pc);
    expect(message).toMatchObject({
      messageType: '3',
      pkiStatus: '11',
      transactionId: TRANSACTION,
      recipientNonce: Buffer.alloc(16, 1),
    });
    expect(plaintext[0]).toBe(0x31);
    expect(tach.subarray(0, 28).toString('hex')).toBe('544143480100000002000000180000004801000000000000' + '00440020');
    expect(tach).toHaveLength(24 + 70 + 258);
  });

  it('03-29 refuses another secret, and the request is used up', async () => {
    const pc = await manufacture(cloud());
    const received = await challenge(cloud(), pc);
    const wrong = await post(cloud(), pc, await answerMessage(cloud(), pc, received, { secret: (secret) => flipped(secret, 7) }));
    expect([wrong.status, wrong.json()]).toEqual([400, { Message: CHALLENGE_FAILED }]);
    const late = await post(cloud(), pc, await answerMessage(cloud(), pc, received));
    expect([late.status, late.json()]).toEqual([400, { Message: CHALLENGE_FAILED }]);
    expect(await em().countBy(AikCertificate, { ekHash: pc.ekHash })).toBe(0);
    expect((await enroll(cloud(), pc)).certificate).toBeDefined();
  });

  it('03-30 answers once: not again, not late, not with another state, not for another client', async () => {
    const pc = await manufacture(cloud());
    const received = await challenge(cloud(), pc);
    const refused = async (message: Buffer): Promise<void> => {
      const response = await post(cloud(), pc, message);
      expect([response.status, response.json()]).toEqual([400, { Message: CHALLENGE_FAILED }]);
    };
    await refused(await answerMessage(cloud(), pc, received, { serverState: (state) => flipped(state, state.length * 8 - 1) }));
    await refused(await answerMessage(cloud(), pc, received, { signer: await stranger() }));
    const message = await answerMessage(cloud(), pc, received);
    openIssued(pc, await post(cloud(), pc, message));
    await refused(message);
    const second = await challenge(cloud(), pc);
    await em().update(AikRequest, { ekHash: pc.ekHash, state: 'challenged' }, { expiresAt: new Date() });
    await refused(await answerMessage(cloud(), pc, second));
    expect(await em().countBy(AikRequest, { ekHash: pc.ekHash, state: 'expired' })).toBe(1);
  });

  it('03-30 of two answers at the same time one is taken', async () => {
    const pc = await manufacture(cloud());
    const message = await answerMessage(cloud(), pc, await challenge(cloud(), pc));
    const answers = await Promise.all([1, 2, 3, 4].map(() => post(cloud(), pc, message)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400]);
    expect(await em().countBy(AikCertificate, { ekHash: pc.ekHash })).toBe(1);
  });

  it('03-31 tells runs with one transactionID and nonce apart by the state', async () => {
    const [one, two] = await Promise.all([manufacture(cloud()), manufacture(cloud())]);
    const [first, second] = await Promise.all([challenge(cloud(), one), challenge(cloud(), two)]);
    expect(first.message.transactionId).toBe(second.message.transactionId);
    const finish = async (pc: Machine, received: Challenged): Promise<Buffer | undefined> =>
      openIssued(pc, await post(cloud(), pc, await answerMessage(cloud(), pc, received))).certificates[0]?.spki;
    expect(await Promise.all([finish(one, first), finish(two, second)])).toEqual([
      spkiOf(first.aik.publicKey),
      spkiOf(second.aik.publicKey),
    ]);
  });

  it.each(['aes-128-cbc', 'aes-192-cbc', 'aes-256-cbc', 'des-ede3-cbc'] as const)(
    '03-19 answers with the cipher of the request: %s',
    async (cipher) => {
      const pc = await manufacture(cloud());
      const response = await post(cloud(), pc, await requestMessage(cloud(), pc, { cipher }));
      expect(openChallenge(pc, response).cipher).toBe(cipher);
    },
  );
});
