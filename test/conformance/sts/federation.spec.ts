import { beforeAll, describe, expect, it } from '@jest/globals';
import { graph } from '@greenscreen/graph';
import { DirectoryUser } from '@greenscreen/model/tenancy';
import { decodePageConfig } from '@greenscreen/wire/oauth';
import { sts } from '@greenscreen/sts';
import { type TestResponse, useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import {
  type AssertionOptions,
  assertionXml,
  base64,
  type IdentityProvider,
  identityProvider,
  signatureXml,
  signedAssertion,
  wresultOf,
} from './federation.support.js';
import {
  BROKER,
  claims,
  deviceSigned,
  DRS_URN,
  joinedDevice,
  members,
  type Members,
  nonce,
  post,
  signedForm,
  STS,
  text,
} from './support.js';

const SAML_BEARER = 'urn:ietf:params:oauth:grant-type:saml1_1-bearer';
const WINDOWS_SIGN_IN = '38aa3b87-a06d-4817-b275-7a316988d93b';
const SECOND_FACTOR = 'http://schemas.microsoft.com/claims/multipleauthn';

const cloud = useCloud(sts, graph);
let lab: TestTenant;
let provider: IdentityProvider;
beforeAll(async () => {
  lab = await newTenant(cloud());
  provider = await identityProvider();
  expect((await federate(lab, provider)).status).toBe(201);
});

/** As the tenant's administrator's script does it. */
async function graphCall(tenant: TestTenant, method: 'GET' | 'POST' | 'DELETE', path: string, body?: Members) {
  const form = { grant_type: 'client_credentials', client_id: tenant.clientId, client_secret: tenant.clientSecret };
  const resource = { resource: 'https://graph.microsoft.com' };
  const token = text(members(await post(cloud(), `/${tenant.tenant.id}/oauth2/token`, { ...form, ...resource })).access_token);
  return cloud().request(`https://graph.microsoft.com/v1.0/domains/${tenant.domain}/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
}

const federation = ({ issuer, certificate }: IdentityProvider): Members => ({
  '@odata.type': '#microsoft.graph.internalDomainFederation',
  displayName: 'Corp',
  issuerUri: issuer,
  signingCertificate: certificate.toString('base64'),
  passiveSignInUri: 'https://sts.corp.example/adfs/ls/',
  activeSignInUri: 'https://sts.corp.example/adfs/services/trust/2005/usernamemixed',
  metadataExchangeUri: 'https://sts.corp.example/adfs/services/trust/mex',
  preferredAuthenticationProtocol: 'wsFed',
});
const federate = (tenant: TestTenant, of: IdentityProvider) => graphCall(tenant, 'POST', 'federationConfiguration', federation(of));

const good = (change: Partial<AssertionOptions> = {}): AssertionOptions => ({ upn: lab.user.upn, issuer: provider.issuer, ...change });
const issued = (change: Partial<AssertionOptions> = {}): string => signedAssertion(good(change), provider.keys.privateKey);
const redeem = (xml: string, segment = 'common') =>
  post(cloud(), `/${segment}/oauth2/token`, { grant_type: SAML_BEARER, client_id: BROKER, resource: DRS_URN, assertion: base64(xml) });
const codesOf = async (xml: string, segment?: string) => members(await redeem(xml, segment)).error_codes;

describe('a federated domain', () => {
  it('is what every realm says, and is managed again when its configuration is deleted', async () => {
    const own = await newTenant(cloud());
    const realm = async (query: string) => members(await cloud().request(`${STS}/common/userrealm/${own.user.upn}?${query}`));
    expect((await realm('api-version=1.0')).account_type).toBe('Managed');
    const other = await identityProvider();
    const created = members(await federate(own, other));
    expect(created).toMatchObject({ issuerUri: other.issuer, id: expect.any(String) });
    expect(await realm('api-version=1.0')).toMatchObject({
      account_type: 'Federated',
      federation_protocol: 'WSTrust',
      federation_active_auth_url: 'https://sts.corp.example/adfs/services/trust/2005/usernamemixed',
    });
    expect(await realm('api-version=2.1')).toMatchObject({ NameSpaceType: 'Federated', AuthURL: 'https://sts.corp.example/adfs/ls/' });
    const list = async () => members(await graphCall(own, 'GET', 'federationConfiguration')).value;
    expect(await list()).toMatchObject([{ id: created.id, signingCertificate: other.certificate.toString('base64') }]);
    // Once a domain, and one issuer for one domain.
    expect((await federate(own, await identityProvider())).status).toBe(400);
    expect((await federate(await newTenant(cloud()), other)).status).toBe(400);
    expect((await graphCall(own, 'DELETE', `federationConfiguration/${lab.tenant.id}`)).status).toBe(404);
    expect((await graphCall(own, 'DELETE', `federationConfiguration/${text(created.id)}`)).status).toBe(204);
    expect([await list(), (await realm('api-version=1.0')).account_type]).toEqual([[], 'Managed']);
    const xml = signedAssertion({ upn: own.user.upn, issuer: other.issuer }, other.keys.privateKey);
    expect(await codesOf(xml)).toEqual([50107]);
  });

  it('refuses a configuration that cannot be used', async () => {
    const own = await newTenant(cloud());
    const other = await identityProvider();
    for (const change of [{ signingCertificate: 'AAAA' }, { issuerUri: '' }, { passiveSignInUri: 'nowhere' }])
      expect([change, (await graphCall(own, 'POST', 'federationConfiguration', { ...federation(other), ...change })).status]).toEqual([
        change,
        400,
      ]);
    expect((await federate(own, other)).status).toBe(201);
  });
});

describe('a SAML 1.1 assertion of its identity provider', () => {
  it('02 4.1 gives tokens, with the method that the provider names', async () => {
    const answer = members(await redeem(issued()));
    expect(claims(answer.access_token)).toMatchObject({ aud: DRS_URN, upn: lab.user.upn, amr: ['pwd'], tid: lab.tenant.id });
    expect(answer.refresh_token).toEqual(expect.any(String));
    const amr = async (change: Partial<AssertionOptions>) => claims(members(await redeem(issued(change), lab.tenant.id)).access_token).amr;
    expect(await amr({ methods: ['urn:oasis:names:tc:SAML:1.0:am:password', SECOND_FACTOR] })).toEqual(['pwd', 'mfa']);
    expect(await amr({ method: 'urn:federation:authentication:windows' })).toEqual(['wia']);
  });

  it('02 7.1 gives a PRT inside a device-signed request', async () => {
    const device = await joinedDevice(cloud(), lab);
    const prt = async (assertion: string) =>
      post(
        cloud(),
        '/common/oauth2/token',
        signedForm(
          await deviceSigned(device, {
            client_id: WINDOWS_SIGN_IN,
            request_nonce: await nonce(cloud()),
            scope: 'openid aza',
            grant_type: SAML_BEARER,
            assertion,
          }),
        ),
      );
    const answer = members(await prt(base64(issued())));
    expect([answer.session_key_jwe, claims(answer.id_token).upn]).toEqual([expect.any(String), lab.user.upn]);
    expect(claims(answer.id_token).amr).toEqual(['pwd', 'rsa']);
    expect(members(await prt(base64(issued().replace('anna@', 'ben@')))).error_codes).toEqual([50013]);
    const elsewhere = await newTenant(cloud());
    const other = await identityProvider();
    await federate(elsewhere, other);
    const foreign = signedAssertion({ upn: elsewhere.user.upn, issuer: other.issuer }, other.keys.privateKey);
    expect(members(await prt(base64(foreign))).error_codes).toEqual([50013]);
  });

  it('is refused when it is not signed by that provider, for us, now, about its own people', async () => {
    const stranger = await identityProvider();
    const hour = 3_600_000;
    const bare = assertionXml(good());
    const forged = assertionXml(good({ upn: lab.admin.upn, id: '_b2' }));
    const certificate = `<ds:X509Certificate>${stranger.certificate.toString('base64')}</ds:X509Certificate>`;
    const keyInfo = `<ds:KeyInfo><ds:X509Data>${certificate}</ds:X509Data></ds:KeyInfo>`;
    const cases: [what: string, xml: string, code: number][] = [
      ['no signature', bare, 50008],
      ['two signatures', issued().replace('</saml:Assertion>', `${signatureXml(bare, provider.keys.privateKey)}</saml:Assertion>`), 50008],
      ['no XML', 'assertion', 50008],
      ['a document type', `<!DOCTYPE a [<!ENTITY e "e">]>${issued()}`, 50008],
      ['another name', issued().replaceAll(lab.user.upn, lab.admin.upn), 50013],
      ['a stranger’s signature', signedAssertion(good(), stranger.keys.privateKey), 50013],
      ['a stranger’s signature that brings its certificate', signedAssertion(good(), stranger.keys.privateKey, { keyInfo }), 50013],
      // The signature is good, but of another assertion that is wrapped in.
      [
        'a signature of something inside',
        forged.replace('</saml:Assertion>', `${signatureXml(bare, provider.keys.privateKey)}${bare}</saml:Assertion>`),
        50013,
      ],
      ['another audience', issued({ audience: 'urn:federation:elsewhere' }), 50013],
      ['an old one', issued({ notBefore: new Date(Date.now() - 2 * hour), notOnOrAfter: new Date(Date.now() - hour) }), 50013],
      ['one of tomorrow', issued({ notBefore: new Date(Date.now() + hour) }), 50013],
      ['an unknown issuer', signedAssertion(good({ issuer: stranger.issuer }), stranger.keys.privateKey), 50107],
      ['a user of another domain', issued({ upn: `anna@${lab.tenant.initialDomain}` }), 50013],
      ['an unknown user', issued({ upn: `nobody@${lab.domain}` }), 50034],
    ];
    for (const [what, xml, code] of cases) expect([what, await codesOf(xml)]).toEqual([what, [code]]);
    expect(await codesOf(issued(), (await newTenant(cloud())).tenant.id)).toEqual([50013]);
    const { manager } = cloud().context.dataSource;
    await manager.update(DirectoryUser, { id: lab.admin.id }, { accountEnabled: false });
    expect(await codesOf(issued({ upn: lab.admin.upn }))).toEqual([50057]);
    await manager.update(DirectoryUser, { id: lab.admin.id }, { accountEnabled: true });
    for (const upn of [lab.user.upn, lab.admin.upn]) expect((await redeem(issued({ upn }))).status).toBe(200);
  });
});

describe('the sign-in page of a federated domain', () => {
  const REDIRECT = 'ms-aadj-redir://auth/drs';
  const query = new URLSearchParams({ client_id: BROKER, redirect_uri: REDIRECT, resource: DRS_URN, response_type: 'code' }).toString();
  const authorize = (headers: Record<string, string> = {}) => cloud().request(`${STS}/common/oauth2/authorize?${query}`, { headers });
  const configOf = (page: TestResponse): Members => ({ ...decodePageConfig(page.text()) });

  /** Types the name on a new page: the address of the identity provider. */
  async function sentAway(upn: string): Promise<URL> {
    const page = await authorize();
    const answer = await post(cloud(), '/common/login', { login: upn, passwd: 'not ours', flowToken: text(configOf(page).sFT) });
    expect(answer.status).toBe(302);
    return new URL(text(answer.headers.location));
  }
  const comeBack = (wctx: string | null, assertion: string) =>
    post(cloud(), '/login.srf', { wa: 'wsignin1.0', wresult: wresultOf(assertion), wctx: wctx ?? '' });
  const tokensOf = async (answer: TestResponse): Promise<Members> => {
    const code = new URL(text(answer.headers.location)).searchParams.get('code') ?? '';
    const form = { grant_type: 'authorization_code', client_id: BROKER, code, redirect_uri: REDIRECT };
    return claims(members(await post(cloud(), '/common/oauth2/token', form)).access_token);
  };

  it('sends people to their own identity provider, and signs them in when they come back', async () => {
    const away = await sentAway(lab.user.upn);
    expect(`${away.origin}${away.pathname}`).toBe('https://sts.corp.example/adfs/ls/');
    expect(Object.fromEntries(away.searchParams)).toEqual({
      username: lab.user.upn,
      wa: 'wsignin1.0',
      wtrealm: 'urn:federation:MicrosoftOnline',
      wctx: expect.any(String),
    });
    const back = await comeBack(away.searchParams.get('wctx'), issued({ method: 'urn:federation:authentication:windows' }));
    expect(await tokensOf(back)).toMatchObject({ upn: lab.user.upn, amr: ['wia'] });
    // The browser is known now.
    const cookie = [back.headers['set-cookie']]
      .flat()
      .map((value) => text(value).split(';')[0])
      .join('; ');
    expect(await tokensOf(await authorize({ cookie }))).toMatchObject({ upn: lab.user.upn });
    const credential = await cloud().request(`${STS}/common/GetCredentialType`, {
      method: 'POST',
      body: JSON.stringify({ username: lab.user.upn, flowToken: 'FT' }),
    });
    const { FederationRedirectUrl: url } = (members(credential) as { Credentials: Members }).Credentials;
    expect(new URL(text(url)).searchParams.get('wctx')).toBe('FT');
  });

  it('shows what is wrong with an assertion, and takes the next one', async () => {
    const wctx = (await sentAway(lab.user.upn)).searchParams.get('wctx');
    const stranger = await identityProvider();
    const refused = await comeBack(wctx, signedAssertion(good(), stranger.keys.privateKey));
    expect([refused.status, configOf(refused).sErrorCode]).toEqual([200, '50013']);
    expect(configOf(await comeBack(wctx, '<saml/>')).sErrorCode).toBe('50008');
    expect((await comeBack('nothing', issued())).text()).toContain('AADSTS50089');
    expect(await tokensOf(await comeBack(wctx, issued()))).toMatchObject({ upn: lab.user.upn });
  });

  it('asks for a second factor that the identity provider has not asked for', async () => {
    const { manager } = cloud().context.dataSource;
    await manager.update(DirectoryUser, { id: lab.admin.id }, { mfaRequired: true });
    const { upn } = lab.admin;
    const comingBack = async (change: Partial<AssertionOptions>) =>
      comeBack((await sentAway(upn)).searchParams.get('wctx'), issued({ upn, ...change }));
    expect(configOf(await comingBack({})).pgid).toBe('ConvergedTFA');
    expect(await tokensOf(await comingBack({ methods: [SECOND_FACTOR] }))).toMatchObject({ upn, amr: ['pwd', 'mfa'] });
    await manager.update(DirectoryUser, { id: lab.admin.id }, { mfaRequired: false });
  });
});
