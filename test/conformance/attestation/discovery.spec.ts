import { beforeAll, describe, expect, it } from '@jest/globals';
import { attestation } from '@greenscreen/attestation';
import { control } from '@greenscreen/control';
import { decodeSignedData, verifySignedData } from '@greenscreen/crypto/cms';
import { decodeCertificate, extendedKeyUsages, fromPem, subjectCommonName, toPem, verifyChain } from '@greenscreen/crypto/x509';
import { AikAuthority } from '@greenscreen/model/attestation';
import { decodeAuthorityHost } from '@greenscreen/wire/scep';
import { useCloud } from '../../support/cloud.js';
import { useFolder } from '../../support/folder.js';
import { openssl } from '../../support/openssl.js';
import { get, type Machine, manufacture, post, scepUrl, UNPARSABLE } from './support.js';

const cloud = useCloud(attestation, control);
const file = useFolder();
let pc: Machine;
beforeAll(async () => {
  pc = await manufacture(cloud());
}, 60_000);

const CAPABILITIES = 'SHA-256\nSHA-1\nAES256\nAES128\nDES3\nPOSTPKIOperation\nIdentityKeyAttestation\nGetCaCertChain\r\n';

describe('discovery', () => {
  it('03-11 lists eight capabilities, with and without a message', async () => {
    for (const query of ['operation=GetCACaps', 'operation=GetCACaps&message=default']) {
      const response = await cloud().request(scepUrl(pc.host, query));
      expect([response.status, response.text()]).toEqual([200, CAPABILITIES]);
      expect(response.headers['content-type']).toBe('text/plain');
    }
  });

  it('03-12 knows no authority of another key, of half a key, of another vendor, and none that is disabled', async () => {
    const name = decodeAuthorityHost(pc.host);
    if (!name) throw new Error('no authority');
    const hosts = [
      `IFX-KeyId-${'0'.repeat(40)}.microsoftaik.azure.net`,
      `IFX-KeyId-${name.keyId.slice(1)}.microsoftaik.azure.net`,
      `NTC-KeyId-${name.keyId}.microsoftaik.azure.net`,
    ];
    const refused = async (host: string): Promise<void> => {
      const response = await get(cloud(), { host }, 'GetCACaps');
      expect([response.status, response.json()]).toEqual([404, { Message: `The authority "${host.toLowerCase()}" does not exist.` }]);
      expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    };
    for (const host of hosts) await refused(host);
    const other = await manufacture(cloud(), { vendor: 'QCOM' });
    expect((await get(cloud(), other, 'GetCACaps')).status).toBe(200);
    const disabled = decodeAuthorityHost(other.host);
    const em = cloud().context.dataSource.manager;
    await em.update(AikAuthority, { ...disabled }, { enabled: false });
    for (const operation of ['GetCACaps', 'GetCACertChain', 'GetCACert', 'Whatever'])
      expect((await get(cloud(), other, operation)).status).toBe(404);
    expect((await post(cloud(), other, Buffer.from('30'))).status).toBe(404);
    await em.update(AikAuthority, { ...disabled }, { enabled: true });
    expect((await get(cloud(), other, 'GetCACaps')).status).toBe(200);
  });

  it('03-13 takes host and path in any case', async () => {
    for (const host of [pc.host.toUpperCase(), pc.host.replace('ifx-keyid', 'IFX-KeyId')])
      expect((await cloud().request(`https://${host}/TEMPLATES/aik/SCEP?operation=GetCACaps`)).text()).toBe(CAPABILITIES);
    expect((await cloud().request(`https://${pc.host}/templates/User/scep?operation=GetCACaps`)).status).toBe(404);
  });

  it('03-14 sends root, issuing authority and both RA certificates, signed by the RA', async () => {
    const response = await get(cloud(), pc, 'GetCACertChain');
    expect(response.headers['content-type']).toBe('application/x-x509-ca-ra-cert-chain');
    const signed = decodeSignedData(response.body);
    const [root, issuing, signing, encryption] = signed.certificates;
    if (!root || !issuing || !signing || !encryption || signed.certificates.length !== 4) throw new Error('not four certificates');
    const name = decodeAuthorityHost(pc.host);
    expect([root, issuing, signing, encryption].map(subjectCommonName)).toEqual([
      'Microsoft TPM Root Certificate Authority 2014',
      `WUS-IFX-KEYID-${name?.keyId.toUpperCase()}`,
      'RA Signing Certificate',
      'RA Encryption Certificate',
    ]);
    expect(verifySignedData(signed).der).toEqual(signing.der);
    for (const leaf of [signing, encryption])
      expect(verifyChain({ leaf, intermediates: [issuing], roots: [root], at: new Date() })).toHaveLength(3);
    expect(extendedKeyUsages(encryption)).toEqual(['1.3.6.1.4.1.311.21.36']);
    const oidsOf = (certificate: typeof root) => [...certificate.extensions.keys()];
    const AIA = '1.3.6.1.5.5.7.1.1';
    expect(oidsOf(root)).toEqual(['2.5.29.15', '2.5.29.19', '2.5.29.14', '1.3.6.1.4.1.311.21.1']);
    expect(oidsOf(issuing)).toEqual(['2.5.29.15', '2.5.29.37', '2.5.29.32', '2.5.29.19', '2.5.29.14', '2.5.29.35', '2.5.29.31', AIA]);
    expect(oidsOf(signing)).toEqual(['2.5.29.15', '2.5.29.19', '2.5.29.35', '2.5.29.14', AIA]);
    expect(oidsOf(encryption)).toEqual(['2.5.29.15', '2.5.29.19', '2.5.29.37', '2.5.29.35', '2.5.29.14', AIA]);
    const usages = [root, issuing, signing, encryption].map(({ extensions }) => extensions.get('2.5.29.15')?.value.toString('hex'));
    expect(usages).toEqual(['03020186', '03020284', '03020780', '03020520']);
    expect(root.publicKey.asymmetricKeyDetails?.modulusLength).toBe(4096);
    expect(issuing.publicKey.asymmetricKeyDetails?.modulusLength).toBe(4096);
    expect((await get(cloud(), pc, 'GetCACertChain')).body).toEqual(response.body);
  });

  it('03-14 publishes the issuing authority, the root and its CRL where the certificates say', async () => {
    const { certificates } = decodeSignedData((await get(cloud(), pc, 'GetCACertChain')).body);
    const [root, issuing, signing] = certificates;
    const issuerUrl = (certificate: typeof root): string => /CA Issuers - URI:(\S+)/.exec(certificate?.x509.infoAccess ?? '')?.[1] ?? '';
    expect(issuerUrl(signing)).toMatch(
      /^http:\/\/azcsprodwusaikpublish\.blob\.core\.windows\.net\/wus-ifx-keyid-[0-9a-f]{40}\/[0-9a-f-]{36}\.cer$/,
    );
    expect((await cloud().request(issuerUrl(signing))).body).toEqual(issuing?.der);
    expect((await cloud().request(issuerUrl(issuing))).body).toEqual(root?.der);
    expect((await cloud().request(issuerUrl(signing).replace(/.{4}\.cer$/, '0000.cer'))).status).toBe(404);
    const crl = await cloud().request('http://www.microsoft.com/pkiops/crl/Microsoft%20TPM%20Root%20Certificate%20Authority%202014.crl');
    const trusted = await file('root.pem', toPem(root?.der ?? Buffer.alloc(0)));
    const printed = await openssl(['crl', '-inform', 'DER', '-noout', '-text', '-CAfile', trusted], crl.body);
    expect(printed).toContain('No Revoked Certificates');
  });

  it('GetCACert gives standard clients the issuing authority and both RA certificates, as openssl reads them', async () => {
    const response = await get(cloud(), pc, 'GetCACert');
    expect(response.headers['content-type']).toBe('application/x-x509-ca-ra-cert');
    const pem = await openssl(['pkcs7', '-inform', 'DER', '-print_certs'], response.body);
    expect(fromPem(pem).map((der) => subjectCommonName(decodeCertificate(der)))).toEqual([
      expect.stringMatching(/^WUS-IFX-KEYID-/),
      'RA Signing Certificate',
      'RA Encryption Certificate',
    ]);
  });

  it('03-15 refuses operations that it does not know, and known ones by the wrong method', async () => {
    const refused = async (operation: string, options = {}): Promise<void> => {
      const response = await cloud().request(scepUrl(pc.host, operation), options);
      expect([operation, response.status, response.json()]).toEqual([operation, 400, { Message: UNPARSABLE }]);
    };
    await refused('operation=GetNextCACert');
    await refused('operation=getcacaps');
    await refused('');
    await refused('operation=PKIOperation');
    await refused('operation=GetCACaps', { method: 'POST', body: 'x' });
    await refused('operation=PKIOperation', { method: 'POST', body: '' });
  });

  it('03-16 serves a GET that announces a message and has none', async () => {
    const response = await cloud().request(scepUrl(pc.host, 'operation=GetCACaps'), {
      headers: { 'content-type': 'application/x-pki-message', 'cache-control': 'no-cache' },
    });
    expect([response.status, response.text()]).toEqual([200, CAPABILITIES]);
  });
});
