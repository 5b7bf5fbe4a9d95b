import { describe, expect, it } from '@jest/globals';
import { attestation } from '@greenscreen/attestation';
import { control } from '@greenscreen/control';
import { decodeSignedData } from '@greenscreen/crypto/cms';
import { spkiOf } from '@greenscreen/crypto/keys';
import { decodePkiMessage } from '@greenscreen/crypto/scep';
import { decodeCertificate, isSignedBy, policyOids } from '@greenscreen/crypto/x509';
import { AikError, ModelAikSource, verifyAik } from '@greenscreen/host/identity';
import { JournalEntry } from '@greenscreen/model/installation';
import { amdEkPath } from '@greenscreen/wire/ek-services';
import { useCloud } from '../../support/cloud.js';
import {
  activate,
  answerMessage,
  armFault,
  challenge,
  enroll,
  get,
  type Machine,
  manufacture,
  openIssued,
  post,
  requestMessage,
  TRANSACTION,
} from './support.js';

const cloud = useCloud(attestation, control);
const source = () => new ModelAikSource(cloud().context.dataSource, cloud().context.authorities);
const cert = (target: string, defect: string) => ({ service: 'aik', action: { cert: { target, defect } } });

describe('injected failures', () => {
  it('03-32 a challenge for another Name cannot be activated', async () => {
    const pc = await manufacture(cloud());
    await armFault(cloud(), pc, { service: 'aik', on: 'PKCSReq', action: { corrupt: 'challenge' }, match: { until: 1 } });
    await expect(activate(pc, await challenge(cloud(), pc))).rejects.toMatchObject({ code: 0x1df });
    await activate(pc, await challenge(cloud(), pc));
  });

  it('03-33 the first requests find the service unavailable, the next one succeeds', async () => {
    const pc = await manufacture(cloud());
    await armFault(cloud(), pc, {
      service: 'aik',
      on: 'PKCSReq',
      action: { respond: { code: 'attestation.unavailable' } },
      match: { until: 2 },
    });
    const message = await requestMessage(cloud(), pc);
    for (let n = 0; n < 2; n += 1) {
      const response = await post(cloud(), pc, message);
      expect([response.status, response.headers['retry-after'], response.json()]).toEqual([
        503,
        '30',
        { Message: 'The service is temporarily unavailable.' },
      ]);
    }
    expect((await post(cloud(), pc, message)).status).toBe(200);
  });

  it('03-34 a refusal inside SCEP is a signed answer with the HRESULT as a signed number', async () => {
    const pc = await manufacture(cloud());
    await armFault(cloud(), pc, { service: 'aik', on: 'PKCSReq', action: { respond: { code: 'attestation.scepFailure' } } });
    const response = await post(cloud(), pc, await requestMessage(cloud(), pc));
    expect([response.status, response.headers['content-type']]).toEqual([200, 'application/x-pki-message']);
    const message = decodePkiMessage(response.body);
    expect(message).toMatchObject({
      messageType: '3',
      pkiStatus: '2',
      failInfo: '2',
      scepError: String(0x80190190 | 0),
      serverMessage: 'The request is denied.',
      transactionId: TRANSACTION,
      recipientNonce: Buffer.alloc(16, 1),
    });
    expect(message.envelope).toHaveLength(0);
    const { certificates } = decodeSignedData((await get(cloud(), pc, 'GetCACertChain')).body);
    expect(message.signer.der).toEqual(certificates[2]?.der);
  });

  it('06 D-A56 a request may stay pending', async () => {
    const pc = await manufacture(cloud());
    await armFault(cloud(), pc, { service: 'aik', on: 'PKCSReq', action: { respond: { code: 'attestation.pending' } } });
    const message = decodePkiMessage((await post(cloud(), pc, await requestMessage(cloud(), pc))).body);
    expect(message).toMatchObject({ messageType: '3', pkiStatus: '3', transactionId: TRANSACTION });
    expect(message.envelope).toHaveLength(0);
    expect(message).not.toHaveProperty('failInfo');
  });

  it('06 D-A53 a fault hits the operation that it names and no other', async () => {
    const pc = await manufacture(cloud());
    await armFault(cloud(), pc, {
      service: 'aik',
      on: 'ChallengeAnswer',
      action: { respond: { status: 500, body: '{}' } },
      match: { until: 1 },
    });
    await armFault(cloud(), pc, { service: 'aik', on: 'GetCACaps', action: { respond: { status: 404 } } });
    expect((await get(cloud(), pc, 'GetCACaps')).status).toBe(404);
    const received = await challenge(cloud(), pc);
    const message = await answerMessage(cloud(), pc, received);
    expect((await post(cloud(), pc, message)).status).toBe(500);
    openIssued(pc, await post(cloud(), pc, message));
    await cloud().context.journal.flush();
    const entries = await cloud().context.dataSource.manager.find(JournalEntry, { where: { run: pc.run }, order: { id: 'ASC' } });
    expect(entries.map(({ service, operation, status }) => [service, operation, status])).toEqual([
      ['aik', 'GetCACaps', 404],
      ['aik', 'GetCACertChain', 200],
      ['aik', 'PKCSReq', 200],
      ['aik', 'GetCACertChain', 200],
      ['aik', 'ChallengeAnswer', 500],
      ['aik', 'ChallengeAnswer', 200],
    ]);
  });

  it('06 D-A71 the EK service says that it has no certificate', async () => {
    const pc = await manufacture(cloud(), { vendor: 'AMD', publish: true });
    await armFault(cloud(), pc, { service: 'ek-amd', on: 'EkFetch', action: { respond: { code: 'ek.notFound' } } });
    const url = `https://ftpm.amd.com${amdEkPath(pc.tpm.endorsementKey.publicKey)}`;
    expect((await cloud().request(url, { headers: { 'x-greenscreen-run': pc.run } })).status).toBe(404);
    expect((await cloud().request(url)).status).toBe(200);
  });

  it('03 5.3 the RA’s certificates may be early', async () => {
    const pc = await manufacture(cloud());
    await armFault(cloud(), pc, { ...cert('ra', 'not_yet_valid'), on: 'GetCACertChain', match: { until: 1 } });
    const beginnings = async () => {
      const { certificates } = decodeSignedData((await get(cloud(), pc, 'GetCACertChain')).body);
      return certificates.slice(2).map(({ notBefore }) => notBefore.getTime() - Date.now() > 0);
    };
    expect(await beginnings()).toEqual([true, true]);
    expect(await beginnings()).toEqual([false, false]);
  });
});

describe('defects of the AIK certificate', () => {
  const defective = async (defect: string): Promise<{ pc: Machine; der: Buffer; spki: Buffer }> => {
    const pc = await manufacture(cloud());
    await armFault(cloud(), pc, { ...cert('aik', defect), on: 'ChallengeAnswer' });
    const received = await challenge(cloud(), pc);
    const response = await post(cloud(), pc, await answerMessage(cloud(), pc, received));
    return { pc, der: openIssued(pc, response).certificates[0]?.der ?? Buffer.alloc(0), spki: spkiOf(received.aik.publicKey) };
  };
  const problem = (der: Buffer): Promise<string | undefined> =>
    verifyAik(der, source(), new Date()).then(
      () => undefined,
      (error: unknown) => (error instanceof AikError ? error.problem : 'other'),
    );

  it('05-9 are refused by whoever verifies it, and a good one is not', async () => {
    const good = await enroll(cloud(), await manufacture(cloud()));
    expect(await problem(good.certificate.der)).toBeUndefined();
    const noPolicy = await defective('no_policy_oid');
    expect(policyOids(decodeCertificate(noPolicy.der))).toEqual([]);
    expect(await problem(noPolicy.der)).toBe('invalid');
    expect(await problem((await defective('wrong_issuer')).der)).toBe('invalid');
    expect(await problem((await defective('expired')).der)).toBe('expired');
    expect(await problem((await defective('not_yet_valid')).der)).toBe('invalid');
  });

  it('05 C.4 it may be for another key, or half', async () => {
    const other = await defective('other_key');
    const certificate = decodeCertificate(other.der);
    expect(certificate.spki).not.toEqual(other.spki);
    const pc = await manufacture(cloud());
    await armFault(cloud(), pc, { ...cert('aik', 'truncated'), on: 'ChallengeAnswer' });
    const response = await post(cloud(), pc, await answerMessage(cloud(), pc, await challenge(cloud(), pc)));
    expect(response.status).toBe(200);
    expect(() => openIssued(pc, response)).toThrow();
    const root = (await source().issuers()).intermediates.find((issuer) => isSignedBy(certificate, issuer.publicKey));
    expect(root).toBeDefined();
  });
});
