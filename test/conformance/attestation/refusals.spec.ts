import { beforeAll, describe, expect, it } from '@jest/globals';
import { attestation } from '@greenscreen/attestation';
import { control } from '@greenscreen/control';
import { encodeAttest, decodeAttest, decodePublicArea, encodePublicArea, objectAttributes, type PublicArea } from '@greenscreen/wire/tpm';
import { generateKeyPair, spkiOf } from '@greenscreen/crypto/keys';
import { encodeEkInfo, scepSignerHash } from '@greenscreen/crypto/scep';
import { AikRequest, revokeEk } from '@greenscreen/model/attestation';
import { type KeyAttestationStatement } from '@greenscreen/wire/scep';
import { randomBytes } from 'node:crypto';
import { useCloud } from '../../support/cloud.js';
import { attestSoftAik, type SoftAik, softAik } from './soft-aik.support.js';
import {
  FIRMWARE,
  type Machine,
  manufacture,
  NO_VALID_EK,
  post,
  requestMessage,
  type RequestChange,
  STATEMENT_INVALID,
  stranger,
  UNPARSABLE,
} from './support.js';

const cloud = useCloud(attestation, control);
const em = () => cloud().context.dataSource.manager;
let pc: Machine;
beforeAll(async () => {
  pc = await manufacture(cloud());
}, 60_000);

async function refused(machine: Machine, change: RequestChange, message: string): Promise<void> {
  const before = await em().count(AikRequest);
  const response = await post(cloud(), machine, await requestMessage(cloud(), machine, change));
  expect([response.status, response.json()]).toEqual([400, { Message: message }]);
  expect(await em().count(AikRequest)).toBe(before);
}

const accepted = async (machine: Machine, change: RequestChange = {}): Promise<void> =>
  expect((await post(cloud(), machine, await requestMessage(cloud(), machine, change))).status).toBe(200);

describe('the message', () => {
  it('03-21 has to be signed by the certificate that the request names, over a request whose digest fits', async () => {
    await accepted(pc);
    await refused(pc, { signer: await stranger() }, UNPARSABLE);
    await refused(pc, { csr: (input) => ({ ...input, signerHash: scepSignerHash(Buffer.from('another')) }) }, UNPARSABLE);
    await refused(
      pc,
      {
        csrBytes: (bytes) => {
          const copy = Buffer.from(bytes);
          copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
          return copy;
        },
      },
      UNPARSABLE,
    );
  });

  it('03-15 has to be one, whole and for this authority', async () => {
    const other = await manufacture(cloud(), { vendor: 'NTC' });
    const message = await requestMessage(cloud(), pc);
    for (const body of [Buffer.alloc(0), Buffer.from('not a message'), message.subarray(0, -1), Buffer.concat([message, Buffer.alloc(1)])])
      expect((await post(cloud(), pc, body)).json()).toEqual({ Message: UNPARSABLE });
    // Encrypted to another authority's RA.
    expect((await post(cloud(), other, message)).json()).toEqual({ Message: UNPARSABLE });
    expect((await post(cloud(), pc, Buffer.alloc(300 * 1024))).status).toBe(413);
  });
});

describe('the EK certificate', () => {
  it('03-22 has to be there, for this key, from a vendor, valid and not revoked', async () => {
    await refused(pc, { ekCertificates: [] }, NO_VALID_EK);
    const other = await manufacture(cloud());
    await refused(pc, { ekCertificates: [other.certificate] }, NO_VALID_EK);
    await accepted(pc, { ekCertificates: [other.certificate, pc.certificate] });
    for (const defect of ['wrong_key', 'unknown_ca', 'expired', 'revoked'])
      await refused(await manufacture(cloud(), { defect }), {}, NO_VALID_EK);
    const later = await manufacture(cloud());
    await accepted(later);
    await revokeEk(em(), later.ekHash, new Date());
    await refused(later, {}, NO_VALID_EK);
  });

  it('03-22 has to be for a TPM', async () => {
    const [issuing = Buffer.alloc(0)] = pc.chain;
    await refused(pc, { ekCertificates: [issuing] }, NO_VALID_EK);
    await refused(
      pc,
      { ekInfo: () => encodeEkInfo({ spki: spkiOf(pc.tpm.endorsementKey.publicKey), certificates: [pc.protocolCertificate] }) },
      NO_VALID_EK,
    );
    await refused(pc, { ekInfo: (bytes) => bytes.subarray(0, -1) }, UNPARSABLE);
  });

  it('03-23 has to belong to the authority that was asked', async () => {
    const other = await manufacture(cloud(), { vendor: 'NTC' });
    await accepted(other);
    await refused({ ...other, host: pc.host }, {}, NO_VALID_EK);
  });

  it('03-22 is enough without the chain, which the service knows, and with authorities that do not matter', async () => {
    const other = await manufacture(cloud(), { vendor: 'STM' });
    await accepted(pc, { certificates: [] });
    await accepted(pc, { certificates: [...other.chain, ...pc.chain] });
  });

  it('03-28 with vulnerable firmware is refused with its own text', async () => {
    await refused(await manufacture(cloud(), { firmware: '7.61' }), {}, FIRMWARE);
    await accepted(await manufacture(cloud(), { firmware: '7.62' }));
    await accepted(await manufacture(cloud(), { vendor: 'NTC', firmware: '7.61' }));
    await refused(await manufacture(cloud(), { firmware: '133.32.5' }), {}, FIRMWARE);
  });

  it('03-28 firmware rules of the lab come before the built-in list', async () => {
    const rule = (body: object) => cloud().request('http://127.0.0.1/seed', { body: JSON.stringify({ firmwareRules: [body] }) });
    const order = { vendor: 'STM', firmware: '4242.7' };
    await accepted(await manufacture(cloud(), order));
    expect((await rule({ vendor: 'STM', major: 4242, minorTo: 9, verdict: 'vulnerable' })).status).toBe(200);
    await refused(await manufacture(cloud(), order), {}, FIRMWARE);
    await accepted(await manufacture(cloud(), { vendor: 'STM', firmware: '4242.10' }));
    expect((await rule({ vendor: 'IFX', major: 133, minorFrom: 3, minorTo: 3, verdict: 'accepted' })).status).toBe(200);
    await accepted(await manufacture(cloud(), { firmware: '133.3' }));
  });
});

describe('the attestation statement', () => {
  const words = (at: number, value: number) => ({
    statementBytes: (bytes: Buffer): Buffer => {
      const copy = Buffer.from(bytes);
      copy.writeUInt32LE(value, at);
      return copy;
    },
  });

  it('03-24 has to be of a TPM 2.0, and exactly as long as it says', async () => {
    await refused(pc, words(0, 0x5453414c), STATEMENT_INVALID);
    await refused(pc, words(4, 2), STATEMENT_INVALID);
    await refused(pc, words(8, 1), STATEMENT_INVALID);
    await refused(pc, words(16, 773), STATEMENT_INVALID);
    await refused(pc, { statementBytes: (bytes) => Buffer.concat([bytes, Buffer.alloc(1)]) }, STATEMENT_INVALID);
    await refused(pc, { statementBytes: () => Buffer.alloc(0) }, STATEMENT_INVALID);
    await accepted(pc);
  });

  const bit = objectAttributes;
  const soft = async (aik: SoftAik, area: (area: PublicArea) => PublicArea = (same) => same): Promise<RequestChange> => {
    const made = attestSoftAik(aik, area);
    return { statement: () => made, csr: (input) => ({ ...input, spki: spkiOf(aik.keys.publicKey) }) };
  };

  it('03-25 has to be of a restricted signing key that lives in one TPM', async () => {
    const aik = await softAik('rsa2048');
    const without = (flag: number) => soft(aik, (area) => ({ ...area, attributes: area.attributes & ~flag }));
    await accepted(pc, await soft(aik));
    for (const flag of [bit.restricted, bit.sign, bit.fixedTpm, bit.fixedParent, bit.sensitiveDataOrigin])
      await refused(pc, await without(flag), STATEMENT_INVALID);
    await refused(pc, await soft(aik, (area) => ({ ...area, attributes: area.attributes | bit.decrypt })), STATEMENT_INVALID);
    await refused(pc, await soft(aik, ({ scheme: _, ...area }) => area), STATEMENT_INVALID);
  });

  it.each(['rsa2048', 'rsapss', 'ec-p256', 'sha1'] as const)('03-18 may be of any signing scheme: %s', async (kind) => {
    await accepted(pc, await soft(await softAik(kind)));
  });

  it('03-26 has to be a TPM’s, about this creation of this key, signed by it', async () => {
    const attest =
      (change: (bytes: Buffer) => Buffer) =>
      (statement: KeyAttestationStatement): KeyAttestationStatement => ({ ...statement, attest: change(statement.attest) });
    await refused(
      pc,
      { statement: attest((bytes) => Buffer.concat([Buffer.from('ff544348', 'hex'), bytes.subarray(4)])) },
      STATEMENT_INVALID,
    );
    const aik = await softAik('rsa2048');
    const made = attestSoftAik(aik);
    const said = decodeAttest(made.attest);
    if (said.type !== 'creation') throw new Error('not a creation');
    const csr: RequestChange['csr'] = (input) => ({ ...input, spki: spkiOf(aik.keys.publicKey) });
    const signed = (altered: Buffer): RequestChange => ({
      csr,
      statement: () => ({ ...made, attest: altered, signature: aik.sign(altered) }),
    });
    await accepted(pc, signed(encodeAttest(said)));
    const { objectName, creationHash, ...head } = said;
    await refused(pc, signed(encodeAttest({ ...head, type: 'certify', name: objectName, qualifiedName: creationHash })), STATEMENT_INVALID);
    await refused(
      pc,
      signed(encodeAttest({ ...said, objectName: Buffer.concat([Buffer.from('000b', 'hex'), randomBytes(32)]) })),
      STATEMENT_INVALID,
    );
    await refused(pc, signed(encodeAttest({ ...said, creationHash: randomBytes(32) })), STATEMENT_INVALID);
    await refused(
      pc,
      { csr, statement: () => ({ ...made, creationData: Buffer.concat([made.creationData, Buffer.alloc(1)]) }) },
      STATEMENT_INVALID,
    );
    const other = await softAik('rsa2048');
    await refused(pc, { csr, statement: () => ({ ...made, signature: other.sign(made.attest) }) }, STATEMENT_INVALID);
    await refused(
      pc,
      { csr, statement: () => ({ ...made, signature: Buffer.concat([made.signature, Buffer.alloc(1)]) }) },
      STATEMENT_INVALID,
    );
  });

  it('03-27 has to be about the key of the request', async () => {
    const { publicKey } = await generateKeyPair('rsa2048');
    await refused(pc, { csr: (input) => ({ ...input, spki: spkiOf(publicKey) }) }, STATEMENT_INVALID);
    const area = (statement: KeyAttestationStatement): KeyAttestationStatement => ({
      ...statement,
      publicArea: encodePublicArea({ ...decodePublicArea(statement.publicArea), nameAlg: 0x0004 }),
    });
    await refused(pc, { statement: area }, STATEMENT_INVALID);
  });
});
