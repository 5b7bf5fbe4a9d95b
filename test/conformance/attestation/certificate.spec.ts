import { beforeAll, describe, expect, it } from '@jest/globals';
import { attestation } from '@greenscreen/attestation';
import { control } from '@greenscreen/control';
import { readEkCertificate } from '@greenscreen/crypto/ek-certificate';
import { generateKeyPair } from '@greenscreen/crypto/keys';
import { type Certificate, extendedKeyUsages, keyIdentifiers, policyOids, toPem } from '@greenscreen/crypto/x509';
import { AikError, ModelAikSource, verifyAik } from '@greenscreen/host/identity';
import { AikCertificate, deviceTpmKeyState, revokeEk } from '@greenscreen/model/attestation';
import { AIK_EKU, aikCertificate, EK_VERIFIED } from '../../support/aik.js';
import { useCloud } from '../../support/cloud.js';
import { useFolder } from '../../support/folder.js';
import { openssl } from '../../support/openssl.js';
import { enroll, type Machine, manufacture } from './support.js';
import { verifyWithWebAuthn } from './webauthn.support.js';

const cloud = useCloud(attestation, control);
const file = useFolder();
const em = () => cloud().context.dataSource.manager;
const source = () => new ModelAikSource(cloud().context.dataSource, cloud().context.authorities);
let pc: Machine;
let issued: Awaited<ReturnType<typeof enroll>>;
beforeAll(async () => {
  pc = await manufacture(cloud());
  issued = await enroll(cloud(), pc);
}, 60_000);

const NOTICE =
  '3061305F06092B060104018237151F3052305006082B0601050507020230441E42' +
  Buffer.from('TCPA  Trusted  Platform  Identity', 'utf16le').swap16().toString('hex').toUpperCase();

describe('the AIK certificate', () => {
  it('03-39 has the extensions of real ones, in their order, and names the TPM in the vendor’s own bytes', () => {
    const { certificate, issuing } = issued;
    const entries = [...certificate.extensions].map(([oid, { critical }]) => [oid, critical]);
    expect(entries).toEqual([
      ['2.5.29.15', true],
      ['2.5.29.19', true],
      ['2.5.29.32', true],
      ['2.5.29.37', false],
      ['2.5.29.17', true],
      ['2.5.29.35', false],
      ['2.5.29.14', false],
      ['1.3.6.1.5.5.7.1.1', false],
    ]);
    const value = (oid: string) => certificate.extensions.get(oid)?.value.toString('hex').toUpperCase();
    expect(value('2.5.29.15')).toBe('03020780');
    expect(value('2.5.29.19')).toBe('3000');
    expect(value('2.5.29.32')).toBe(NOTICE);
    expect(value('2.5.29.37')).toBe('300706056781050803');
    expect(certificate.extensions.get('2.5.29.17')?.value).toEqual(readEkCertificate(pc.certificate).subjectAltName);
    expect(certificate.subject.raw.toString('hex')).toBe('3000');
    expect(keyIdentifiers(certificate).authority).toBe(keyIdentifiers(issuing).subject);
    expect(certificate.x509.infoAccess).toMatch(/^CA Issuers - URI:http:\/\/azcsprodwusaikpublish\.blob\.core\.windows\.net\//);
    const serial = certificate.serial.toString('hex').replace(/^00/, '').padStart(32, '0');
    expect(serial).toMatch(/^.{12}4.{3}[89ab].{15}$/);
  });

  it('03-39 lives ten years, or as long as its issuer when that is less', () => {
    const { certificate, issuing } = issued;
    const tenYears = new Date(certificate.notBefore);
    tenYears.setUTCFullYear(tenYears.getUTCFullYear() + 10);
    expect(certificate.notAfter).toEqual(new Date(Math.min(tenYears.getTime(), issuing.notAfter.getTime())));
    expect(Math.abs(Date.now() - certificate.notBefore.getTime())).toBeLessThan(120_000);
  });

  it('03-40 a WebAuthn verifier accepts what its AIK says of a key, under the lab’s root and no other', async () => {
    const { roots } = await source().issuers();
    const [root] = roots;
    if (!root) throw new Error('no root');
    expect(await verifyWithWebAuthn(pc.tpm, issued, [toPem(root.der)])).toBe(true);
    const other = await aikCertificate(cloud(), await generateKeyPair('rsa2048'), 'none', { unknown: true });
    await expect(verifyWithWebAuthn(pc.tpm, issued, [toPem(other)])).rejects.toThrow();
  });

  it('every issued certificate is accepted by openssl under /roots.pem', async () => {
    const ec = await manufacture(cloud(), { vendor: 'INTC', ek: 'ecc' });
    const amd = await manufacture(cloud(), { vendor: 'AMD', quirks: { explicitDefaults: true, multiValuedName: true } });
    const roots = await file('roots.pem', (await cloud().request('http://127.0.0.1/roots.pem')).text());
    const intermediates = await file('intermediates.pem', (await cloud().request('http://127.0.0.1/intermediates.pem')).text());
    const verify = async (name: string, der: Buffer) =>
      openssl(['verify', '-x509_strict', '-CAfile', roots, '-untrusted', intermediates, await file(name, toPem(der))]);
    expect(await verify('aik', issued.certificate.der)).toMatch(/: OK\n$/);
    expect(await verify('ek', pc.certificate)).toMatch(/: OK\n$/);
    expect(await verify('ek-ecc', ec.certificate)).toMatch(/: OK\n$/);
    expect(await openssl(['verify', '-CAfile', roots, '-untrusted', intermediates, await file('ek-amd', toPem(amd.certificate))])).toMatch(
      /: OK\n$/,
    );
    await expect(verify('protocol', pc.protocolCertificate)).rejects.toThrow(/error/);
  });
});

describe('verification of AIK certificates', () => {
  const verify = (der: Buffer, at = new Date()) =>
    verifyAik(der, source(), at).catch((error: unknown) => {
      if (error instanceof AikError) return error.problem;
      throw error;
    });

  it('03-41 finds key and TPM of a good one', async () => {
    const { aik, certificate } = issued;
    expect(await verify(certificate.der)).toMatchObject({ ekHash: pc.ekHash });
    const { publicKey } = await verifyAik(certificate.der, source(), new Date());
    expect(publicKey.equals(aik.publicKey)).toBe(true);
    expect(extendedKeyUsages(certificate)).toEqual(['2.23.133.8.3']);
    expect(policyOids(certificate)).toEqual(['1.3.6.1.4.1.311.21.31']);
  });

  it('03-41 refuses foreign, expired, unknown and revoked ones, and those for other purposes', async () => {
    const pair = await generateKeyPair('rsa2048');
    const make = (change: Parameters<typeof aikCertificate>[3]) => aikCertificate(cloud(), pair, pc.ekHash, change);
    expect(await verify(await make({}))).toMatchObject({ ekHash: pc.ekHash });
    expect(await verify(await make({ signingKey: pair.privateKey }))).toBe('invalid');
    expect(await verify(await make({ notAfter: new Date(Date.now() - 1000) }))).toBe('expired');
    expect(await verify(await make({ unknown: true }))).toBe('invalid');
    expect(await verify(await make({ revokedAt: new Date() }))).toBe('invalid');
    expect(await verify(await make({ extensions: [EK_VERIFIED] }))).toBe('invalid');
    expect(await verify(await make({ extensions: [AIK_EKU] }))).toBe('invalid');
    expect(await verify(Buffer.from('no certificate'))).toBe('invalid');
    const { certificate } = issued;
    expect(await verify(certificate.der, new Date(certificate.notAfter.getTime() + 1000))).toBe('expired');
    const authority: Certificate = issued.issuing;
    expect(await verify(authority.der)).toBe('invalid');
  });

  it('05-8 a revoked EK takes its AIK certificates with it, and its key state is 5', async () => {
    const revoked = await manufacture(cloud());
    const since = new Date();
    const { certificate } = await enroll(cloud(), revoked);
    expect(await verify(certificate.der)).toMatchObject({ ekHash: revoked.ekHash });
    expect(await deviceTpmKeyState(em(), revoked.ekHash, since)).toBe(4);
    await revokeEk(em(), revoked.ekHash, new Date());
    expect(await verify(certificate.der)).toBe('invalid');
    expect(await deviceTpmKeyState(em(), revoked.ekHash, since)).toBe(5);
    expect(await deviceTpmKeyState(em(), null, since)).toBe(2);
    expect(await em().findOneByOrFail(AikCertificate, { ekHash: revoked.ekHash })).toMatchObject({ revokedAt: expect.any(Date) });
  });
});
