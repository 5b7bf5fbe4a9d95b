import { describe, expect, it } from '@jest/globals';
import { attestation } from '@greenscreen/attestation';
import { control } from '@greenscreen/control';
import { decodeTpmIdentity, encodeTpmIdentity, readEkCertificate } from '@greenscreen/crypto/ek-certificate';
import { generateKeyPair } from '@greenscreen/crypto/keys';
import { decodeCertificate, extendedKeyUsages, keyIdentifiers, subjectCommonName } from '@greenscreen/crypto/x509';
import { revokeEk } from '@greenscreen/model/attestation';
import {
  amdEkPath,
  decodeIntelAnswer,
  decodeQualcommAnswer,
  encodeQualcommRequest,
  intelEkHash,
  intelEkPath,
} from '@greenscreen/wire/ek-services';
import { tpm2b } from '@greenscreen/wire/tpm';
import { X509Certificate } from 'node:crypto';
import { type TestResponse, useCloud } from '../../support/cloud.js';
import { openssl } from '../../support/openssl.js';
import { manufacture } from './support.js';

const cloud = useCloud(attestation, control);
const INTEL = 'https://ekop.intel.com';
const AMD = 'https://ftpm.amd.com';
const QUALCOMM = 'https://ekcert.spserv.microsoft.com/EKCertificate/GetEKCertificate/v1';
const fetch = (url: string): Promise<TestResponse> => cloud().request(url);

describe('Intel', () => {
  it.each(['rsa2048', 'ecc'] as const)(
    '03-1 03-3 serves the certificate of a published EK, in the bytes that clients search for: %s',
    async (ek) => {
      const pc = await manufacture(cloud(), { vendor: 'INTC', ek, publish: true });
      const path = intelEkPath(pc.tpm.endorsementKey.publicKey);
      expect(path).toMatch(/^\/ekcertservice\/[\w-]{43}%3D$/);
      const response = await fetch(INTEL + path);
      expect(response.status).toBe(200);
      expect(response.headers['content-length']).toBe(String(response.body.length));
      expect(response.headers).not.toHaveProperty('transfer-encoding');
      expect(response.text()).toMatch(/^\{"pubhash":"[\w-]{43}%3D","certificate":"[\w%-]+"\}\n$/);
      expect(decodeIntelAnswer(response.body)).toEqual(pc.certificate);
    },
  );

  it('03-5 refuses a bare "=", the path without a hash, and a key that it does not know or has not published', async () => {
    const pc = await manufacture(cloud(), { vendor: 'INTC', publish: true });
    const hidden = await manufacture(cloud(), { vendor: 'INTC' });
    const foreign = await manufacture(cloud(), { vendor: 'AMD', publish: true });
    const pathOf = ({ tpm }: typeof pc) => intelEkPath(tpm.endorsementKey.publicKey);
    const status = async (path: string) => (await fetch(INTEL + path)).status;
    expect(await status(pathOf(pc))).toBe(200);
    expect(await status(`/ekcertservice/${intelEkHash(pc.tpm.endorsementKey.publicKey)}`)).toBe(403);
    expect(await status('/ekcertservice/')).toBe(404);
    expect(await status(pathOf(hidden))).toBe(404);
    expect(await status(pathOf(foreign))).toBe(404);
    expect((await fetch(INTEL + pathOf(hidden))).body).toHaveLength(0);
    expect(await status('/ekcertservice/%E0%A4%A')).toBe(400);
  });
});

describe('AMD', () => {
  it.each(['rsa2048', 'ecc'] as const)(
    '03-6 serves a certificate under its id in either case, and nothing under other names: %s',
    async (ek) => {
      const pc = await manufacture(cloud(), { vendor: 'AMD', ek, publish: true });
      const path = amdEkPath(pc.tpm.endorsementKey.publicKey);
      const [lower, upper] = await Promise.all([fetch(AMD + path), fetch(AMD + path.slice(0, 9) + path.slice(9).toUpperCase())]);
      expect([lower.status, upper.status]).toEqual([200, 200]);
      expect(lower.body).toEqual(pc.certificate);
      expect(upper.body).toEqual(pc.certificate);
      for (const wrong of [path.slice(0, -1), `${path}0`, path.slice(0, -1) + 'g', '/pki/aia/'.padEnd(41, '0')])
        expect((await fetch(AMD + wrong)).status).toBe(404);
    },
  );

  it('03-7 serves its authorities by serial number, and a list of revoked certificates', async () => {
    const pc = await manufacture(cloud(), { vendor: 'AMD', publish: true });
    for (const der of pc.chain) {
      const { serialNumber } = new X509Certificate(der);
      expect((await fetch(`${AMD}/pki/aia/${serialNumber}`)).body).toEqual(der);
    }
    const list = async () => openssl(['crl', '-inform', 'DER', '-noout', '-text'], (await fetch(`${AMD}/pki/crl`)).body);
    const serial = new X509Certificate(pc.certificate).serialNumber;
    expect(await list()).not.toContain(serial);
    await revokeEk(cloud().context.dataSource.manager, pc.ekHash, new Date());
    const revoked = await list();
    expect(revoked).toContain(serial);
    expect(new Date(/Next Update: (.*)/.exec(revoked)?.[1] ?? '').getTime()).toBeGreaterThan(Date.now());
    expect(revoked).toContain('CN = AMD TPM EK Issuing CA');
    expect((await fetch(AMD)).status).toBe(200);
  });
});

describe('Qualcomm', () => {
  it('03-8 answers POST with the certificate, and other methods with 405', async () => {
    const pc = await manufacture(cloud(), { vendor: 'QCOM', publish: true });
    const ask = (body: string) => cloud().request(QUALCOMM, { body });
    const answer = await ask(encodeQualcommRequest(tpm2b(pc.tpm.endorsementKey.publicArea)));
    expect(decodeQualcommAnswer(answer.body)).toEqual(pc.certificate);
    const get = await fetch(QUALCOMM);
    expect([get.status, get.headers.allow]).toEqual([405, 'POST']);
    const hidden = await manufacture(cloud(), { vendor: 'QCOM' });
    const unknown = await ask(encodeQualcommRequest(tpm2b(hidden.tpm.endorsementKey.publicArea)));
    expect([unknown.status, unknown.json()]).toEqual([404, { Message: 'EK certificate not found.' }]);
    for (const body of ['', '{}', '{"EKPub":"AAAA"}', '{"EKPub":"!"}']) expect((await ask(body)).status).toBe(400);
  });
});

describe('EK certificates', () => {
  it.each([
    ['rsa2048', '03020520'],
    ['ecc', '03020308'],
  ] as const)('03-9 have no subject, name the TPM in a critical subjectAltName, and say what the key is for: %s', async (ek, usage) => {
    const pc = await manufacture(cloud(), { ek, firmware: '7.62' });
    const certificate = decodeCertificate(pc.certificate);
    const [issuing = Buffer.alloc(0)] = pc.chain;
    expect(certificate.subject.raw.toString('hex')).toBe('3000');
    expect(certificate.extensions.get('2.5.29.17')).toEqual({
      critical: true,
      value: encodeTpmIdentity({ manufacturer: 'id:49465800', model: 'SLB 9670', version: 'id:0007003E' }),
    });
    expect(extendedKeyUsages(certificate)).toEqual(['2.23.133.8.1']);
    expect(certificate.extensions.get('2.5.29.15')).toEqual({ critical: true, value: Buffer.from(usage, 'hex') });
    expect(keyIdentifiers(certificate).authority).toBe(keyIdentifiers(decodeCertificate(issuing)).subject);
    expect(certificate.notAfter.toISOString()).toBe('2049-12-31T23:59:59.000Z');
  });

  it('03-10 are read as real ones are: one RDN, spelt-out defaults, padding, a wrapper, a subject, the year 9999', async () => {
    const quirks = { multiValuedName: true, explicitDefaults: true, subject: 'unknown' };
    const pc = await manufacture(cloud(), { vendor: 'NTC', model: 'NPCT75x', firmware: 'id:13', quirks });
    const length = Buffer.alloc(2);
    length.writeUInt16BE(pc.certificate.length);
    const forms = [
      pc.certificate,
      Buffer.concat([pc.certificate, Buffer.alloc(300)]),
      Buffer.concat([Buffer.from('100100', 'hex'), length, pc.certificate]),
    ];
    for (const bytes of forms) {
      const { identity, certificate, subjectAltName } = readEkCertificate(bytes);
      expect(identity).toEqual({ manufacturer: 'id:4E544300', model: 'NPCT75x', version: 'id:13' });
      expect(decodeTpmIdentity(subjectAltName)).toEqual(identity);
      expect(subjectCommonName(certificate)).toBe('unknown');
      expect(certificate.der).toEqual(pc.certificate);
    }
    expect(pc.certificate.includes(Buffer.from('010100', 'hex'))).toBe(true);
  });

  it('lead to their root by the addresses that they carry', async () => {
    for (const vendor of ['IFX', 'INTC', 'AMD']) {
      const pc = await manufacture(cloud(), { vendor });
      let certificate = new X509Certificate(pc.certificate);
      for (const der of pc.chain) {
        const url = /CA Issuers - URI:(\S+)/.exec(certificate.infoAccess ?? '')?.[1] ?? '';
        expect(url).toMatch(/^http:/);
        expect((await fetch(url)).body).toEqual(der);
        certificate = new X509Certificate(der);
      }
      expect(certificate.checkIssued(certificate)).toBe(true);
    }
  });

  it('of keys that nobody can use are not made', async () => {
    const { publicKey } = await generateKeyPair('rsa1024');
    const forge = (body: object) =>
      cloud().request('http://127.0.0.1/forge/certificate', {
        body: JSON.stringify({ profile: 'ek', vendor: 'IFX', model: 'm', firmware: '7.85', ...body }),
      });
    expect((await forge({ ekPublic: publicKey.export({ format: 'der', type: 'spki' }).toString('base64') })).status).toBe(400);
    const pc = await manufacture(cloud());
    const ekPublic = pc.tpm.endorsementKey.publicArea;
    expect((await forge({ ekPublic: ekPublic.toString('base64') })).status).toBe(201);
    expect((await forge({ ekPublic: tpm2b(ekPublic).toString('base64') })).status).toBe(201);
    expect((await forge({ ekPublic: ekPublic.toString('base64'), vendor: 'ACME' })).status).toBe(400);
    expect((await forge({ ekPublic: ekPublic.toString('base64'), firmware: 'new' })).status).toBe(400);
  });
});
