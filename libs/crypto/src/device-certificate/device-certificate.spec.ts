import { describe, expect, it } from '@jest/globals';
import { generateKeyPair, spkiOf } from '../keys/index.js';
import { sidOfObjectId } from '../sid/index.js';
import { attribute, basicConstraints, decodeCertificate, encodeName, issueCertificate } from '../x509/index.js';
import { deviceOids, deviceCertificateValidity, issueDeviceCertificate, readDeviceCertificate } from './index.js';

/** reference 02, 11.1: one RDN with four attributes. */
const issuerName = encodeName([
  [
    attribute('dc', 'net', 'ia5'),
    attribute('dc', 'windows', 'ia5'),
    attribute('cn', 'MS-Organization-Access'),
    attribute('ou', '82dbaca4-3e81-46ca-9c73-0950c1eaca97'),
  ],
]);

async function issued(change: { joined?: boolean | undefined } = { joined: true }) {
  const [authority, device] = await Promise.all([generateKeyPair('rsa2048'), generateKeyPair('rsa2048')]);
  const now = new Date('2026-03-01T12:00:00Z');
  const certificate = issueCertificate({
    issuer: issuerName,
    subject: issuerName,
    notBefore: now,
    notAfter: new Date('2049-01-01T00:00:00Z'),
    publicKey: authority.publicKey,
    signingKey: authority.privateKey,
    extensions: [basicConstraints(true)],
  });
  const der = issueDeviceCertificate({
    identity: {
      deviceId: 'D48E9478-7056-4DF8-BCE7-11A18B8C0027',
      userObjectId: 'b1e7c3d4-5a60-4f21-9c0d-2e8f71a6b530',
      tenantId: '6a0c1f52-3b7e-4d19-8a44-5c2d90ab1e77',
      joined: change.joined,
      region: 'EU',
    },
    spki: spkiOf(device.publicKey),
    ...deviceCertificateValidity(now),
    issuer: { certificate, privateKey: authority.privateKey },
  });
  return { der, leaf: decodeCertificate(der), authority };
}

describe('device certificates', () => {
  it('02-25 has the issuer and the extensions of reference 02, 11.1, byte for byte', async () => {
    const { der, leaf, authority } = await issued();
    expect(issuerName.length).toBe(122);
    expect(leaf.issuer.raw.equals(issuerName)).toBe(true);
    expect(leaf.x509.verify(authority.publicKey)).toBe(true);
    const hex = der.toString('hex');
    for (const extension of [
      '3022060b2a864886f7140105821c02041304811078948ed45670f84dbce711a18b8c0027',
      '3013060b2a864886f7140105821c07040404810131',
      '3014060b2a864886f7140105821c0804050481024555',
    ])
      expect(hex).toContain(extension);
    expect([...leaf.extensions.keys()]).toEqual(['2.5.29.19', '2.5.29.37', ...Object.values(deviceOids)]);
    expect(leaf.notBefore).toEqual(new Date('2026-03-01T11:30:00Z'));
    expect(leaf.notAfter).toEqual(new Date('2036-03-01T12:00:00Z'));
    expect((leaf.serial[0] ?? 0xff) & 0x80).toBe(0);
    expect(leaf.serial).toHaveLength(16);
    expect(readDeviceCertificate(der)).toEqual({
      subject: 'd48e9478-7056-4df8-bce7-11a18b8c0027',
      deviceId: 'd48e9478-7056-4df8-bce7-11a18b8c0027',
      userObjectId: 'b1e7c3d4-5a60-4f21-9c0d-2e8f71a6b530',
      tenantId: '6a0c1f52-3b7e-4d19-8a44-5c2d90ab1e77',
      joined: true,
      region: 'EU',
    });
  });

  it('02-25 says whether the device is joined or registered, or nothing at all', async () => {
    expect(readDeviceCertificate((await issued({ joined: false })).der).joined).toBe(false);
    const { der, leaf } = await issued({ joined: undefined });
    expect(leaf.extensions.has(deviceOids.joinKind)).toBe(false);
    expect(readDeviceCertificate(der).joined).toBeUndefined();
  });
});

describe('SIDs of directory objects', () => {
  it('02-40 are the object id as four little-endian numbers', () => {
    expect(sidOfObjectId('e06e3596-82c0-4f31-ac5a-439a308e3dc2')).toBe('S-1-12-1-3765319062-1328644800-2588105388-3258814000');
    expect(sidOfObjectId('00112233-4455-6677-8899-aabbccddeeff')).toBe('S-1-12-1-1122867-1719092309-3148519816-4293844428');
    expect(sidOfObjectId('b1e7c3d4-5a60-4f21-9c0d-2e8f71a6b530')).toBe('S-1-12-1-2984756180-1327585888-2402160028-817210993');
  });
});
