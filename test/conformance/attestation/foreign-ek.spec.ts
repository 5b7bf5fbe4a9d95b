import { beforeAll, describe, expect, it } from '@jest/globals';
import { attestation } from '@greenscreen/attestation';
import { control } from '@greenscreen/control';
import { bits, int, nul, oid, seq } from '@greenscreen/crypto/der';
import { issueEkCertificate } from '@greenscreen/crypto/ek-certificate';
import { generateKeyPair, type KeyPair, rsaNumbers } from '@greenscreen/crypto/keys';
import {
  basicConstraints,
  commonName,
  decodeCertificate,
  encodeName,
  type Extension,
  extendedKeyUsage,
  issueCertificate,
  keyUsage,
  randomSerial,
  subjectKeyIdentifier,
  toPem,
} from '@greenscreen/crypto/x509';
import { useCloud } from '../../support/cloud.js';
import { CONTROL, enroll, get, type Machine, manufacture, NO_VALID_EK, post, requestMessage } from './support.js';

const cloud = useCloud(attestation, control);
const DAY = 86_400_000;
const notBefore = new Date(Date.now() - DAY);
const FOREVER = new Date('9999-12-31T23:59:59Z');

interface Authority {
  readonly certificate: Buffer;
  readonly privateKey: KeyPair['privateKey'];
}

async function authority(name: string, issuer?: Authority): Promise<Authority> {
  const { publicKey, privateKey } = await generateKeyPair('rsa2048');
  const certificate = issueCertificate({
    issuer: issuer ? decodeCertificate(issuer.certificate).subject.raw : commonName(name),
    subject: commonName(name),
    notBefore,
    notAfter: FOREVER,
    publicKey,
    signingKey: issuer?.privateKey ?? privateKey,
    extensions: [basicConstraints(true), keyUsage(['keyCertSign', 'cRLSign']), subjectKeyIdentifier(publicKey)],
  });
  return { certificate, privateKey };
}

/** What swtpm's own authority writes (reference 03, 1.7 [verified]). */
const identity = { manufacturer: 'id:00001014', model: 'swtpm', version: 'id:20191023' };
const seed = (body: object) => cloud().request(`${CONTROL}/seed`, { body: JSON.stringify(body) });

let root: Authority;
let local: Authority;
let host: string;
beforeAll(async () => {
  root = await authority('swtpm-localca-rootca');
  local = await authority('swtpm-localca', root);
  const response = await seed({ ekCas: [toPem(root.certificate) + toPem(local.certificate)] });
  const { aikHosts } = response.json() as { aikHosts: string[] };
  host = (aikHosts[1] ?? '').toLowerCase();
}, 60_000);

/** A PC of the lab whose TPM has another certificate. */
async function withCertificate(issue: (pc: Machine) => Buffer): Promise<Machine> {
  const pc = await manufacture(cloud());
  return { ...pc, certificate: issue(pc), chain: [local.certificate, root.certificate], host };
}

const swtpmCertificate =
  (issuer: Authority) =>
  ({ tpm }: Machine): Buffer =>
    issueEkCertificate({
      identity,
      ek: tpm.endorsementKey.publicKey,
      serial: randomSerial(),
      notBefore,
      notAfter: FOREVER,
      issuer,
      quirks: { subject: 'unknown' },
    });

describe('foreign EK authorities', () => {
  it('06 D-A58 are trusted once they have been imported, under the name IBM', async () => {
    expect(host).toMatch(/^ibm-keyid-[0-9a-f]{40}\.microsoftaik\.azure\.net$/);
    const pc = await withCertificate(swtpmCertificate(local));
    expect((await enroll(cloud(), pc)).certificate).toBeDefined();
    const bare = await requestMessage(cloud(), pc, { certificates: [] });
    expect((await post(cloud(), pc, bare)).status).toBe(200);
    expect((await seed({ ekCas: [toPem(local.certificate)] })).status).toBe(200);
  });

  it('06 D-A58 are not trusted before', async () => {
    const other = await authority('another-localca');
    const pc = await withCertificate(swtpmCertificate(other));
    const response = await post(cloud(), pc, await requestMessage(cloud(), pc, { certificates: [other.certificate] }));
    expect([response.status, response.json()]).toEqual([400, { Message: NO_VALID_EK }]);
    expect((await get(cloud(), { host: host.replace('ibm', 'ifx') }, 'GetCACaps')).status).toBe(404);
  });

  it('are authorities: nothing else is imported', async () => {
    const pc = await manufacture(cloud());
    for (const ekCas of [['no certificate'], [toPem(pc.certificate)], [toPem(pc.protocolCertificate)]])
      expect((await seed({ ekCas })).status).toBe(400);
  });
});

describe('unusual EK certificates', () => {
  const issue = (pc: Machine, publicKey: Buffer | undefined, extensions: readonly Extension[]): Buffer => {
    const regular = decodeCertificate(swtpmCertificate(local)(pc));
    const kept = [...regular.extensions].map(([oid_, { critical, value }]): Extension => ({ oid: oid_, critical, value }));
    return issueCertificate({
      issuer: regular.issuer.raw,
      subject: encodeName([]),
      notBefore,
      notAfter: FOREVER,
      publicKey: publicKey ?? regular.spki,
      signingKey: local.privateKey,
      extensions: kept.flatMap((extension) => extensions.find((other) => other.oid === extension.oid) ?? extension),
    });
  };
  const status = async (make: (pc: Machine) => Buffer): Promise<number> => {
    const pc = await withCertificate(make);
    return (await post(cloud(), pc, await requestMessage(cloud(), pc))).status;
  };

  it('03 1.7 may name the padding of the key in place of its kind', async () => {
    const oaepKey = ({ tpm }: Machine): Buffer => {
      const { modulus, exponent } = rsaNumbers(tpm.endorsementKey.publicKey);
      return seq(seq(oid('1.2.840.113549.1.1.7'), nul()), bits(seq(int(modulus), int(exponent))));
    };
    expect(await status((pc) => issue(pc, oaepKey(pc), []))).toBe(200);
  });

  it('03-22 have to be for encryption, and for endorsement keys if they are for anything', async () => {
    expect(await status((pc) => issue(pc, undefined, []))).toBe(200);
    expect(await status((pc) => issue(pc, undefined, [keyUsage(['digitalSignature'])]))).toBe(400);
    expect(await status((pc) => issue(pc, undefined, [extendedKeyUsage(['2.23.133.8.3'])]))).toBe(400);
  });
});
