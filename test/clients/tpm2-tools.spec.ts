import { describe, expect, it } from '@jest/globals';
import { attestation } from '@greenscreen/attestation';
import { control } from '@greenscreen/control';
import { spkiOf } from '@greenscreen/crypto/keys';
import { publicKeyOfArea } from '@greenscreen/crypto/tpm';
import { decodeCertificate, fromPem } from '@greenscreen/crypto/x509';
import { decodeAttestationChallenge, type KeyAttestationStatement } from '@greenscreen/wire/scep';
import { decodePublicArea, readTpm2b, tpm2b } from '@greenscreen/wire/tpm';
import { randomBytes } from 'node:crypto';
import {
  answerMessage,
  challenge,
  manufacture,
  manufactureFor,
  openIssued,
  post,
  type RequestChange,
} from '../conformance/attestation/support.js';
import { useCloud } from '../support/cloud.js';
import { emulatedTpm, tidyUp, toolsInstalled, type Tpm2Tools } from './tpm2-tools.support.js';

const describeTools = toolsInstalled ? describe : describe.skip;
const cloud = useCloud(attestation, control);
tidyUp();

describeTools('tpm2_getekcertificate', () => {
  const INTEL = 'http://ekop.intel.com/ekcertservice/';
  /** The cloud's HTTP port as a proxy: every host name leads there. */
  const toolsBehindTheCloud = () => emulatedTpm(cloud().port);

  it.each(['rsa2048', 'ecc'] as const)('03-2 fetches an Intel certificate and writes it as PEM: %s', async (ek) => {
    const pc = await manufacture(cloud(), { vendor: 'INTC', ek, publish: true });
    const { tpm2, read, write } = await toolsBehindTheCloud();
    await write('ek.pub', tpm2b(pc.tpm.endorsementKey.publicArea));
    await tpm2('getekcertificate', '-x', '-u', 'ek.pub', '-o', 'ek.pem', INTEL);
    const [der = Buffer.alloc(0)] = fromPem((await read('ek.pem')).toString('ascii'));
    expect(der).toEqual(pc.certificate);
    expect(decodeCertificate(der).spki).toEqual(spkiOf(pc.tpm.endorsementKey.publicKey));
  });

  it('03-5 fails on a key that the service does not know, and leaves an empty file', async () => {
    const pc = await manufacture(cloud(), { vendor: 'INTC' });
    const { tpm2, read, write } = await toolsBehindTheCloud();
    await write('ek.pub', tpm2b(pc.tpm.endorsementKey.publicArea));
    await expect(tpm2('getekcertificate', '-x', '-u', 'ek.pub', '-o', 'ek.pem', INTEL)).rejects.toMatchObject({ code: 1 });
    expect(await read('ek.pem')).toHaveLength(0);
  });
});

/** Windows' attributes of an AIK, in the tools' words. */
const ATTRIBUTES = 'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|noda|restricted|sign';
const PCP_POLICY = '9dffcbf36c383ae699fb9868dc6dcb89d7153884be2803922c124158bfad22ae';
/** What a created key is described by, as files. */
const CREATION = ['--creation-data', 'aik.cd', '-d', 'aik.ch', '-t', 'aik.ct'];

/** EK of the TPM; there is no resource manager, so objects are flushed after every step. */
async function endorsementKey({ tpm2, read }: Tpm2Tools, algorithm: 'rsa' | 'ecc') {
  await tpm2('createek', '-c', 'ek.ctx', '-G', algorithm, '-u', 'ek.pub');
  await tpm2('flushcontext', '-t');
  const publicArea = readTpm2b(await read('ek.pub'));
  return { publicArea, publicKey: publicKeyOfArea(decodePublicArea(publicArea)) };
}

async function certifiedCreation({ tpm2, read }: Tpm2Tools, hash: string): Promise<KeyAttestationStatement> {
  await tpm2('readpublic', '-c', 'aik.ctx', '-o', 'aik.pub');
  await tpm2('flushcontext', '-t');
  const files = ['--attestation', 'aik.att', '--signature', 'aik.sig', '-f', 'tss'];
  await tpm2('certifycreation', '-c', 'aik.ctx', '-C', 'aik.ctx', '-d', 'aik.ch', '-t', 'aik.ct', '-g', hash, '-s', 'rsassa', ...files);
  await tpm2('flushcontext', '-t');
  return {
    publicArea: readTpm2b(await read('aik.pub')),
    creationData: readTpm2b(await read('aik.cd')),
    attest: await read('aik.att'),
    signature: await read('aik.sig'),
  };
}

/** A primary of the owner hierarchy, as Windows makes it. */
async function windowsAik(tools: Tpm2Tools): Promise<KeyAttestationStatement> {
  await tools.write('unique', Buffer.concat([Buffer.from([20, 0]), randomBytes(20)]));
  await tools.write('policy', Buffer.from(PCP_POLICY, 'hex'));
  const kind = ['-g', 'sha256', '-G', 'rsa2048:rsassa-sha1:null', '-L', 'policy', '-u', 'unique', '-a', ATTRIBUTES];
  await tools.tpm2('createprimary', '-C', 'o', ...kind, '-c', 'aik.ctx', ...CREATION);
  await tools.tpm2('flushcontext', '-t');
  return certifiedCreation(tools, 'sha1');
}

/** A child of the EK with SHA-256, as the tools make attestation keys. */
async function aikBelowTheEk(tools: Tpm2Tools): Promise<KeyAttestationStatement> {
  const { tpm2 } = tools;
  const kind = ['-g', 'sha256', '-G', 'rsa2048:rsassa-sha256:null', '-a', ATTRIBUTES.replace('|noda', '')];
  await withEkPolicy(tools, () =>
    tpm2('create', '-C', 'ek.ctx', '-P', 'session:session', ...kind, '-u', 'aik.tpm', '-r', 'aik.key', ...CREATION),
  );
  await withEkPolicy(tools, () => tpm2('load', '-C', 'ek.ctx', '-P', 'session:session', '-u', 'aik.tpm', '-r', 'aik.key', '-c', 'aik.ctx'));
  return certifiedCreation(tools, 'sha256');
}

/** Whoever uses the EK has to prove the endorsement hierarchy's secret, which is empty. */
async function withEkPolicy({ tpm2 }: Tpm2Tools, use: () => Promise<void>): Promise<void> {
  await tpm2('startauthsession', '--policy-session', '-S', 'session');
  await tpm2('policysecret', '-S', 'session', '-c', 'e');
  await use();
  await tpm2('flushcontext', 'session');
  await tpm2('flushcontext', '-t');
}

async function activate(tools: Tpm2Tools, tach: Buffer): Promise<Buffer> {
  const { credentialBlob, secret } = decodeAttestationChallenge(tach);
  await tools.write('credential', Buffer.concat([Buffer.from('badcc0de00000001', 'hex'), credentialBlob, secret]));
  await withEkPolicy(tools, () =>
    tools.tpm2('activatecredential', '-c', 'aik.ctx', '-C', 'ek.ctx', '-i', 'credential', '-o', 'secret', '-P', 'session:session'),
  );
  return tools.read('secret');
}

describeTools('a TPM of swtpm under the tpm2-tools', () => {
  it.each([
    ['03-17 an RSA EK and Windows’ AIK', 'rsa', windowsAik],
    ['03-18 an RSA EK and an AIK below it', 'rsa', aikBelowTheEk],
    ['03-18 a P-256 EK and Windows’ AIK', 'ecc', windowsAik],
  ] as const)(
    '%s: gets the certificate',
    async (_what, algorithm, createAik) => {
      const tools = await emulatedTpm();
      const pc = await manufactureFor(cloud(), await endorsementKey(tools, algorithm));
      const statement = await createAik(tools);
      const spki = spkiOf(publicKeyOfArea(decodePublicArea(statement.publicArea)));
      const change: RequestChange = { statement: () => statement, csr: (input) => ({ ...input, spki }) };
      const received = await challenge(cloud(), pc, change);
      const activated = await activate(tools, received.challenge);
      const response = await post(cloud(), pc, await answerMessage(cloud(), pc, received, { activated }));
      expect(openIssued(pc, response).certificates[0]?.spki).toEqual(spki);
    },
    60_000,
  );
});
