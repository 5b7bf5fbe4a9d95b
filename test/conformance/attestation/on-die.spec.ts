import { describe, expect, it } from '@jest/globals';
import { attestation } from '@greenscreen/attestation';
import { control } from '@greenscreen/control';
import { decodeCertificate, subjectCommonName, toPem } from '@greenscreen/crypto/x509';
import { revokeEk } from '@greenscreen/model/attestation';
import { X509Certificate } from 'node:crypto';
import { useCloud } from '../../support/cloud.js';
import { useFolder } from '../../support/folder.js';
import { openssl } from '../../support/openssl.js';
import { enroll, type Machine, manufacture, NO_VALID_EK, post, requestMessage } from './support.js';

const cloud = useCloud(attestation, control);
const file = useFolder();
const order = { vendor: 'INTC', firmware: '600.7', onDie: true } as const;
const CRL = 'https://tsci.intel.com/content/OnDieCA/crls/ODCA_CA2_CSME_Indirect.crl';

const send = async (pc: Machine, certificates: readonly Buffer[]) => post(cloud(), pc, await requestMessage(cloud(), pc, { certificates }));

describe('Intel’s on-die authorities', () => {
  it('03 1.6 certify an EK when the request carries what the chip has', async () => {
    for (const ek of ['rsa2048', 'ecc'] as const) {
      const pc = await manufacture(cloud(), { ...order, ek });
      expect(pc.onDie).toHaveLength(3);
      expect(pc.chain).toHaveLength(6);
      expect((await send(pc, pc.onDie)).status).toBe(200);
      expect((await enroll(cloud(), pc)).certificate).toBeDefined();
    }
  });

  it('03 5.3 ODCA_CHAIN_MISSING without them there is no chain', async () => {
    const pc = await manufacture(cloud(), order);
    for (const certificates of [[], pc.onDie.slice(1), pc.onDie.slice(0, 2), pc.chain.slice(3)]) {
      const response = await send(pc, certificates);
      expect([response.status, response.json()]).toEqual([400, { Message: NO_VALID_EK }]);
    }
    expect((await send(pc, pc.onDie)).status).toBe(200);
  });

  it('03 1.6 have P-384 keys, and those above the chip are published', async () => {
    const pc = await manufacture(cloud(), order);
    const chain = pc.chain.map(decodeCertificate);
    expect(chain.map(subjectCommonName)).toEqual([
      'CSME ADL PTT  01SVN',
      'CSME ADL Kernel CA',
      'CSME ADL ROM CA',
      'www.intel.com',
      'www.intel.com',
      'OnDie CA RootCA',
    ]);
    for (const { publicKey } of chain) expect(publicKey.asymmetricKeyDetails?.namedCurve).toBe('secp384r1');
    const addresses = chain.map(({ x509 }) => /CA Issuers - URI:(\S+)/.exec(x509.infoAccess ?? '')?.[1]);
    expect(addresses.map((url) => url !== undefined)).toEqual([false, false, true, true, true, false]);
    for (const [index, url] of addresses.entries())
      if (url !== undefined) expect((await cloud().request(url)).body).toEqual(pc.chain[index + 1]);
    expect((await cloud().request('https://tsci.intel.com/content/OnDieCA/certs/Other.cer')).status).toBe(404);
  });

  it('03 1.6 revoke by an indirect list, which openssl checks the EK against', async () => {
    const pc = await manufacture(cloud(), order);
    const root = await file('root.pem', toPem(pc.chain.at(-1) ?? Buffer.alloc(0)));
    const intermediates = await file(
      'chain.pem',
      pc.chain
        .slice(0, -1)
        .map((der) => toPem(der))
        .join(''),
    );
    const leaf = await file('ek.pem', toPem(pc.certificate));
    const verify = async () => {
      const list = await file('list.crl', toPem((await cloud().request(CRL)).body, 'X509 CRL'));
      const args = ['-CAfile', root, '-untrusted', intermediates, '-CRLfile', list, '-crl_check', '-extended_crl'];
      return openssl(['verify', ...args, leaf]);
    };
    expect(await verify()).toMatch(/: OK\n$/);
    await revokeEk(cloud().context.dataSource.manager, pc.ekHash, new Date());
    await expect(verify()).rejects.toThrow(/certificate revoked/);
    expect(
      (await openssl(['crl', '-inform', 'DER', '-noout', '-text'], (await cloud().request(CRL)).body)).includes(
        new X509Certificate(pc.certificate).serialNumber,
      ),
    ).toBe(true);
    expect((await send(pc, pc.onDie)).json()).toEqual({ Message: NO_VALID_EK });
  });

  it('certify for Intel alone', async () => {
    await expect(manufacture(cloud(), { ...order, vendor: 'AMD' })).rejects.toThrow(/onDie/);
  });
});
