import { beforeAll, describe, expect, it } from '@jest/globals';
import { signJwt } from '@greenscreen/crypto/jose';
import { generateKeyPair } from '@greenscreen/crypto/keys';
import { MdmPolicyClient } from '@greenscreen/model/mdm-enrollment';
import { mdm } from '@greenscreen/mdm';
import { encodeSoapRequest, encodeUsernameHeader, ns, tokenTypes } from '@greenscreen/wire/soap';
import { encodeGetPoliciesRequest, getPoliciesActions } from '@greenscreen/wire/xcep';
import { descendantsOf, parseXml, xml, type XmlElement } from '@greenscreen/wire/xml';
import { randomUUID } from 'node:crypto';
import { type TestResponse, useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import {
  deviceToken,
  ENROLLMENT,
  getPolicies,
  issuer,
  joinedAutopilotDevice,
  post,
  refusalOf,
  RESOURCE,
  type TestDevice,
  token,
  userToken,
} from './support.js';

const cloud = useCloud(mdm);
let lab: TestTenant;
let device: TestDevice;
beforeAll(async () => {
  lab = await newTenant(cloud());
  device = await joinedAutopilotDevice(cloud(), lab);
});

const bodyWith = (text: string): string =>
  encodeGetPoliciesRequest({ to: ENROLLMENT, token: { valueType: tokenTypes.jwt, text } }).toString();
const elements = (response: TestResponse, name: string): XmlElement[] => descendantsOf(parseXml(response.body), ns.policy, name);
const isPolicy = (response: TestResponse): void => {
  expect([response.status, elements(response, 'GetPoliciesResponse').length]).toEqual([200, 1]);
};
/** A UsernameToken as Windows sends it under AuthPolicy OnPremise. */
const withPassword = (username: string, password: string): Promise<TestResponse> =>
  post(
    cloud(),
    ENROLLMENT,
    encodeSoapRequest({
      action: getPoliciesActions.request,
      messageId: 'urn:uuid:72048B64-0F19-448F-8C2E-B4C661860AA0',
      to: ENROLLMENT,
      namespaces: { a: ns.addressing, u: ns.utility, wsse: ns.security, s: ns.soap12 },
      header: encodeUsernameHeader(`uuid-${randomUUID()}-1`, username, password),
      schemaInstance: true,
      body: xml`<GetPolicies xmlns="${ns.policy}"><client><lastUpdate xsi:nil="true"/></client><requestFilter xsi:nil="true"/></GetPolicies>`,
    }).toBuffer(),
  );

/** Names of an element and everything in it, in document order. */
const outline = ({ name, children }: XmlElement): string => (children.length === 0 ? name : `${name}(${children.map(outline).join(' ')})`);

describe('GetPolicies', () => {
  it('04-11 every credential leads to the policy, whose hash algorithm resolves', async () => {
    const response = await getPolicies(cloud(), await userToken(cloud(), lab));
    isPolicy(response);
    isPolicy(await getPolicies(cloud(), await deviceToken(cloud(), lab, device)));
    isPolicy(await withPassword(lab.user.upn, lab.password));
    const reference = elements(response, 'hashAlgorithmOIDReference')[0]?.text;
    expect(elements(response, 'oIDReferenceID').map(({ text }) => text)).toContain(reference);
    const [validity, renewal, length] = ['validityPeriodSeconds', 'renewalPeriodSeconds', 'minimalKeyLength'].map((name) =>
      Number(elements(response, name)[0]?.text),
    );
    expect([validity, renewal, length]).toEqual([364 * 86_400, 42 * 86_400, 2048]);
    for (const aud of [
      'https://enrollment.manage.microsoft.com',
      'HTTPS://Enrollment.Manage.Microsoft.com/',
      'd4ebce55-015a-49b5-a083-c84d1797ae8c',
    ])
      isPolicy(await getPolicies(cloud(), await userToken(cloud(), lab, { aud })));
  });

  it('04-12 namespaced attributes, URL-safe base64 and line breaks are read', async () => {
    const text = await userToken(cloud(), lab);
    const body = bodyWith(text);
    const encoded = Buffer.from(text, 'utf8').toString('base64');
    const variants = [
      body
        .replace('<wsse:BinarySecurityToken ValueType', '<wsse:BinarySecurityToken wsse:ValueType')
        .replace(' EncodingType', ' wsse:EncodingType'),
      body.replace(encoded, Buffer.from(text, 'utf8').toString('base64url')),
      body.replace(encoded, `\r\n${encoded.replace(/.{64}/g, '$&\r\n')}\r\n`),
      body.replace('#base64binary', '#base64Binary'),
    ];
    for (const variant of variants) isPolicy(await post(cloud(), ENROLLMENT, variant));
  });

  it('04-13 05-29 a header that proves nothing is InvalidSecurity, a token that is refused Authentication', async () => {
    const good = await userToken(cloud(), lab);
    const body = bodyWith(good);
    const headers = [
      body.replace(/<wsse:Security.*<\/wsse:Security>/, ''),
      body.replace(/(base64binary">)[^<]*/, '$1'),
      body.replace(tokenTypes.jwt, 'urn:something-else'),
      body.replace(tokenTypes.jwt, tokenTypes.certificate),
      bodyWith('no token'),
    ];
    for (const header of headers)
      expect(refusalOf(await post(cloud(), ENROLLMENT, header))).toMatchObject({
        status: 500,
        subcode: 'a:InvalidSecurity',
        hresult: '80180007',
      });
    const { privateKey } = await generateKeyPair('rsa2048');
    const at = Math.floor(Date.now() / 1000);
    const foreign = await signJwt(
      { aud: RESOURCE, iat: at, nbf: at, exp: at + 60, ...issuer(lab), idtyp: 'user', upn: lab.user.upn, scp: 'mdm_delegation' },
      { alg: 'RS256', kid: 'x', x5t: 'x', privateKey },
    );
    const tokens = [
      foreign,
      await userToken(cloud(), lab, { exp: at - 301 }),
      await userToken(cloud(), lab, { nbf: at + 400 }),
      await userToken(cloud(), lab, { aud: 'https://enterpriseregistration.windows.net' }),
      await userToken(cloud(), lab, { aud: '0000000a-0000-0000-c000-000000000000' }),
      await userToken(cloud(), lab, { iss: `https://login.microsoftonline.com/${lab.tenant.id}/v2.0` }),
      await userToken(cloud(), lab, { tid: randomUUID() }),
    ];
    for (const text of tokens)
      expect(refusalOf(await getPolicies(cloud(), text))).toMatchObject({ subcode: 's:Authentication', hresult: '80180002' });
    // Clocks may differ by five minutes.
    isPolicy(await getPolicies(cloud(), await userToken(cloud(), lab, { exp: at - 200 })));
    isPolicy(await getPolicies(cloud(), good));
  });

  it('04-13 a user’s token needs its scope, a user who is there, and a right password', async () => {
    for (const change of [{ scp: 'user_impersonation' }, { scp: undefined }, { upn: `nobody@${lab.domain}` }])
      expect(refusalOf(await getPolicies(cloud(), await userToken(cloud(), lab, change)))).toMatchObject({ subcode: 's:Authorization' });
    for (const [name, password] of [
      [lab.user.upn, 'wrong'],
      [`nobody@${lab.domain}`, lab.password],
    ] as const)
      expect(refusalOf(await withPassword(name, password))).toMatchObject({ subcode: 's:Authentication' });
  });

  it('04-14 a device’s token needs neither upn nor scp', async () => {
    isPolicy(
      await getPolicies(
        cloud(),
        await deviceToken(cloud(), lab, device, { upn: undefined, scp: undefined, amr: undefined, ztdid: undefined }),
      ),
    );
    // A token without idtyp and upn is a device's too.
    isPolicy(await getPolicies(cloud(), await token(cloud(), { ...issuer(lab), deviceid: device.deviceId, sub: device.deviceId })));
  });

  it('04-15 elements stand in the order of MS-XCEP, xsi is declared', async () => {
    const response = await getPolicies(cloud(), await userToken(cloud(), lab));
    expect(outline(elements(response, 'GetPoliciesResponse')[0]!)).toBe(
      'GetPoliciesResponse(response(policyID policyFriendlyName nextUpdateHours policiesNotChanged policies(policy(policyOIDReference cAs attributes(commonName policySchema certificateValidity(validityPeriodSeconds renewalPeriodSeconds) permission(enroll autoEnroll) privateKeyAttributes(minimalKeyLength keySpec keyUsageProperty permissions algorithmOIDReference cryptoProviders(provider provider)) revision(majorRevision minorRevision) supersededPolicies privateKeyFlags subjectNameFlags enrollmentFlags generalFlags hashAlgorithmOIDReference rARequirements keyArchivalAttributes extensions)))) cAs oIDs(oID(value group oIDReferenceID defaultName)))',
    );
    expect(response.text()).toContain('xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"');
    expect(elements(response, 'provider').map(({ text }) => text)[0]).toBe('Microsoft Platform Crypto Provider');
  });

  it('what newer clients say of their TPM is kept', async () => {
    const body = encodeGetPoliciesRequest({
      to: ENROLLMENT,
      token: { valueType: tokenTypes.jwt, text: await deviceToken(cloud(), lab, device) },
      tpmManufacturer: 'IFX',
      tpmFirmwareVersion: '7.85.4555.0',
    });
    isPolicy(await post(cloud(), ENROLLMENT, body));
    const em = cloud().context.dataSource.manager;
    expect(await em.findOneByOrFail(MdmPolicyClient, { tenantId: lab.tenant.id, entraDeviceId: device.deviceId })).toMatchObject({
      tpmManufacturer: 'IFX',
      tpmFirmwareVersion: '7.85.4555.0',
    });
  });
});
