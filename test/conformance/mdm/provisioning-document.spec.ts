import { thumbprint } from '@greenscreen/crypto/x509';
import { mdm } from '@greenscreen/mdm';
import { decodeResponseCollection } from '@greenscreen/wire/wstep';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { useCloud } from '../../support/cloud.js';
import { newTenant } from '../../support/tenant.js';
import { enrollWhiteGlove, joinedAutopilotDevice } from './support.js';
import { at, type Dict, listOf, textAt, type XmlDict, xmlDict } from './xml-dict.support.js';

/** What Windows and public clients each need of the provisioning document (reference 04, 3.5), read as it stands, without our decoder. */
const cloud = useCloud(mdm);
let text = '';
let roots: readonly XmlDict[] = [];
beforeAll(async () => {
  const lab = await newTenant(cloud());
  const answer = await enrollWhiteGlove(cloud(), lab, await joinedAutopilotDevice(cloud(), lab));
  text = decodeResponseCollection(answer.body).toString('utf8');
  roots = listOf(at(xmlDict(text), 'wap-provisioningdoc', 'characteristic'));
});

const children = (value: XmlDict): readonly XmlDict[] => listOf((value as Dict).characteristic);
const parms = (value: XmlDict): readonly XmlDict[] => listOf((value as Dict).parm);
const typeOf = (value: XmlDict): string => textAt(value, '@type');
const rootOf = (type: string): XmlDict => roots.find((root) => typeOf(root) === type) ?? null;

/** Every parm below, with the names on the way. */
const allParms = (value: XmlDict, path: readonly string[] = []): { path: string; parm: Dict }[] => [
  ...parms(value).map((parm) => ({ path: [...path, typeOf(value), textAt(parm, '@name')].join('/'), parm: parm as Dict })),
  ...children(value).flatMap((child) => allParms(child, [...path, typeOf(value)])),
];

describe('The provisioning document', () => {
  it('04 3.5 rules 1, 4 and 5: Root, CA and My, each with one certificate, named by its SHA-1 in capital letters', () => {
    const stores = children(roots[0] ?? null);
    expect(stores.map(typeOf)).toEqual(['Root', 'CA', 'My']);
    for (const store of stores) {
      const [place, ...places] = children(store);
      const [entry, ...entries] = children(place ?? null);
      expect([typeOf(place ?? null), places, entries]).toEqual(['System', [], []]);
      const [certificate, ...more] = parms(entry ?? null);
      expect([textAt(certificate ?? null, '@name'), more]).toEqual(['EncodedCertificate', []]);
      expect(typeOf(entry ?? null)).toBe(thumbprint(Buffer.from(textAt(certificate ?? null, '@value'), 'base64')));
      expect(typeOf(entry ?? null)).toMatch(/^[0-9A-F]{40}$/);
    }
  });

  it('04 3.5 rules 2 and 3: the key container is with the certificate, WSTEP in a second CertificateStore', () => {
    const [root, ca, my] = children(roots[0] ?? null).map((store) => children(children(store)[0] ?? null)[0] ?? null);
    expect([root, ca, my].map((entry) => children(entry ?? null).map(typeOf))).toEqual([[], [], ['PrivateKeyContainer']]);
    expect(typeOf(roots[1] ?? null)).toBe('CertificateStore');
    expect(allParms(roots[1] ?? null).map(({ path }) => path)).toEqual(
      ['ROBOSupport', 'RenewPeriod', 'RetryInterval', 'ServerURL'].map((name) => `CertificateStore/My/WSTEP/Renew/${name}`),
    );
  });

  it('04 3.5 rules 7 and 8: CLIENT and APPSRV, both by digest with a secret and a nonce', () => {
    const authentications = children(rootOf('APPLICATION')).map((level) =>
      Object.fromEntries(parms(level).map((parm) => [textAt(parm, '@name'), textAt(parm, '@value')])),
    );
    expect(authentications).toMatchObject([
      { AAUTHLEVEL: 'CLIENT', AAUTHTYPE: 'DIGEST' },
      { AAUTHLEVEL: 'APPSRV', AAUTHTYPE: 'DIGEST', AAUTHNAME: expect.any(String) },
    ]);
    for (const { AAUTHSECRET, AAUTHDATA } of authentications) expect([AAUTHSECRET, AAUTHDATA].every(Boolean)).toBe(true);
  });

  it('04 3.5 rule 10: where the certificate is found is escaped once', () => {
    const raw = /name="SSLCLIENTCERTSEARCHCRITERIA" value="([^"]*)"/.exec(text)?.[1];
    expect(raw).toMatch(/^Subject=CN%3[dD][0-9a-f-]{36}&amp;Stores=MY%5[cC]System$/);
  });

  it('04 3.5 rule 12: what is no text says so, below WSTEP and DMClient', () => {
    const typed = [...allParms(roots[1] ?? null), ...allParms(rootOf('DMClient'))];
    for (const { path, parm } of typed) {
      const value = textAt(parm, '@value');
      const expected = /^\d+$/.test(value) ? 'integer' : /^(true|false)$/.test(value) ? 'boolean' : 'string';
      expect([path, parm['@datatype']]).toEqual([path, expected]);
    }
    expect(typed.filter(({ path }) => path.includes('/Poll/')).length).toBeGreaterThan(0);
  });
});
