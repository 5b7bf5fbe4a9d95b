import { describe, expect, it } from '@jest/globals';
import { generateKeyPair, spkiOf } from '../keys/index.js';
import {
  basicConstraints,
  commonName,
  decodeCertificate,
  extendedKeyUsages,
  issueCertificate,
  keyIdentifiers,
  subjectCommonName,
} from '../x509/index.js';
import { guidBytes, guidOf, intuneOids, issueMdmCertificate, readMdmCertificate } from './index.js';

const identity = {
  deviceId: 'a1f7c0b9-2d34-4e58-9b6a-7c5d8e9f0a1b',
  accountId: '5b0e6a77-94c2-4f13-a0d8-6be1c2f4937d',
  opaqueId: '11111111-2222-3333-4444-555555555555',
  tenantId: '6f1c0d52-8a7e-4c1b-9d35-2b7e4a90c1f4',
  enrollmentType: 29,
  hash: Buffer.alloc(32, 7),
};

async function issued() {
  const [ca, device] = await Promise.all([generateKeyPair('rsa2048'), generateKeyPair('rsa2048')]);
  const now = new Date('2026-03-01T00:00:00Z');
  const name = commonName('Microsoft Intune MDM Device CA');
  const certificate = issueCertificate({
    issuer: name,
    subject: name,
    notBefore: now,
    notAfter: new Date('2030-01-01T00:00:00Z'),
    publicKey: ca.publicKey,
    signingKey: ca.privateKey,
    extensions: [basicConstraints(true, 0)],
  });
  const der = issueMdmCertificate({
    identity,
    spki: spkiOf(device.publicKey),
    notBefore: now,
    notAfter: new Date('2027-02-28T00:00:00Z'),
    issuer: { certificate, privateKey: ca.privateKey },
  });
  return { certificate: decodeCertificate(certificate), leaf: decodeCertificate(der), ca };
}

describe('GUIDs in .NET order', () => {
  it('has the bytes of reference 04, 3.6', () => {
    expect(guidBytes(identity.deviceId).toString('hex').toUpperCase()).toBe('B9C0F7A1342D584E9B6A7C5D8E9F0A1B');
    expect(guidOf(guidBytes(identity.deviceId))).toBe(identity.deviceId);
    expect(() => guidBytes('nothing')).toThrow(TypeError);
  });
});

describe('issueMdmCertificate', () => {
  it('04-21 has subject, usages and every extension in its encoding', async () => {
    const { leaf, certificate, ca } = await issued();
    const value = (oid: string) => leaf.extensions.get(oid)?.value.toString('hex').toUpperCase();
    expect(subjectCommonName(leaf)).toBe(identity.deviceId);
    expect(leaf.x509.verify(ca.publicKey)).toBe(true);
    expect(keyIdentifiers(leaf).authority).toHaveLength(40);
    expect(leaf.issuer.raw.equals(certificate.subject.raw)).toBe(true);
    expect(value('2.5.29.19')).toBe('3000');
    expect(value('2.5.29.15')).toBe('030205A0');
    expect(extendedKeyUsages(leaf)).toEqual(['1.3.6.1.5.5.7.3.2']);
    for (const critical of ['2.5.29.19', '2.5.29.15', '2.5.29.37']) expect(leaf.extensions.get(critical)?.critical).toBe(true);
    expect(value(intuneOids.deviceId)).toBe('B9C0F7A1342D584E9B6A7C5D8E9F0A1B');
    expect(value(intuneOids.accountId)).toBe('0410776A0E5BC294134FA0D86BE1C2F4937D');
    expect(value(intuneOids.tenantId)).toBe('0410520D1C6F7E8A1B4C9D352B7E4A90C1F4');
    expect(value(intuneOids.opaqueId)).toMatch(/^0410/);
    expect(value(intuneOids.userId)).toBeUndefined();
    expect([15, 16, 17, 18, 19].map((number) => value(`1.2.840.113556.5.${number}`))).toEqual([
      '020102',
      '02011D',
      '02010E',
      '020101',
      '020100',
    ]);
    expect(value(intuneOids.flags)).toBe('02084000000000000110');
    expect(value(intuneOids.hash)).toBe(`0420${'07'.repeat(32)}`);
    for (const absent of ['2.5.29.17', '2.5.29.31', '1.3.6.1.5.5.7.1.1']) expect(leaf.extensions.has(absent)).toBe(false);
    expect((leaf.serial[0] ?? 0xff) & 0x80).toBe(0);
    expect(readMdmCertificate(leaf.der)).toEqual({
      deviceId: identity.deviceId,
      accountId: identity.accountId,
      userId: undefined,
      tenantId: identity.tenantId,
      enrollmentType: 29,
    });
  });
});
