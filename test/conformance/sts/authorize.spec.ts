import { beforeAll, describe, expect, it } from '@jest/globals';
import { SignInLog } from '@greenscreen/model/sts';
import { MdmApplication } from '@greenscreen/model/tenancy';
import { decodePageConfig } from '@greenscreen/wire/oauth';
import { sts } from '@greenscreen/sts';
import { createHash, randomUUID } from 'node:crypto';
import { type TestResponse, useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { BROKER, claims, DRS_URN, members, type Members, post, STS, text } from './support.js';

const cloud = useCloud(sts);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
});

const REDIRECT = 'ms-aadj-redir://auth/drs';
const authorize = (parameters: Record<string, string>, headers: Record<string, string> = {}, path = '/common/oauth2/authorize') =>
  cloud().request(
    `${STS}${path}?${new URLSearchParams({ client_id: BROKER, redirect_uri: REDIRECT, resource: DRS_URN, response_type: 'code', ...parameters }).toString()}`,
    { headers },
  );

const configOf = (page: TestResponse): Members => {
  const config = decodePageConfig(page.text());
  if (!config) throw new Error('The page has no $Config');
  return { ...config };
};

async function signIn(page: TestResponse, login = lab.user.upn, passwd = lab.password, query = ''): Promise<TestResponse> {
  const config = configOf(page);
  const fields = {
    login,
    loginfmt: login,
    passwd,
    ctx: text(config.sCtx),
    flowToken: text(config.sFT),
    canary: text(config.canary),
    type: '11',
    LoginOptions: '3',
    i13: '0',
  };
  return post(cloud(), `${text(config.urlPost)}${query}`, fields);
}

const location = (response: TestResponse): string => text(response.headers.location);
const answerOf = (response: TestResponse): URLSearchParams => new URLSearchParams(location(response).split(/[?#](.*)/s)[1] ?? '');

describe('authorize', () => {
  it('02-12 the page has the $Config that scripted clients cut out', async () => {
    const page = await authorize({ login_hint: '<&>@x' });
    expect(page.status).toBe(200);
    const html = page.text();
    expect(html).toContain('$Config={');
    const json = html.slice(html.indexOf('$Config=') + 8, html.indexOf('//]]></script>') - 2);
    const config = JSON.parse(json) as Members;
    expect([typeof config.sessionId, typeof config.canary, config.pgid]).toEqual(['string', 'string', 'ConvergedSignIn']);
    expect(json).not.toMatch(/[<>&]/);
    expect(html).toContain(';\n//]]></script>');
    expect(html).not.toMatch(/Working\.\.\.|Click Submit to continue|<input type="submit"/);
  });

  it('02-8 code flow: redeemed once, with the right verifier only', async () => {
    const verifier = 'v'.repeat(50);
    const code_challenge = createHash('sha256').update(verifier).digest('base64url');
    const page = await authorize({ state: 's&1', code_challenge, code_challenge_method: 'S256' });
    const answered = await signIn(page);
    expect(answered.status).toBe(302);
    expect(location(answered)).toMatch(/^ms-aadj-redir:\/\/auth\/drs\?code=[^&]+&/);
    expect(answerOf(answered).get('state')).toBe('s&1');
    const form = {
      grant_type: 'authorization_code',
      client_id: BROKER,
      code: answerOf(answered).get('code') ?? '',
      redirect_uri: REDIRECT,
      resource: DRS_URN,
    };
    const wrong = members(await post(cloud(), '/common/oauth2/token', { ...form, code_verifier: 'w'.repeat(50) }));
    expect(wrong).toMatchObject({ error: 'invalid_grant', error_codes: [501481] });
    const good = members(await post(cloud(), '/common/oauth2/token', { ...form, code_verifier: verifier }));
    expect(claims(good.access_token)).toMatchObject({ aud: DRS_URN, upn: lab.user.upn, amr: ['pwd'] });
    const again = members(await post(cloud(), '/common/oauth2/token', { ...form, code_verifier: verifier }));
    expect(again).toMatchObject({ error: 'invalid_grant', error_codes: [54005] });
    const stray = await authorize({ redirect_uri: 'https://evil.example/' });
    expect(stray.status).toBe(400);
    expect(stray.headers.location).toBeUndefined();
    expect(configOf(stray)).toMatchObject({ sErrorCode: '50011' });
    expect(stray.text()).toContain('AADSTS50011:');
  });

  it('two redemptions at once give one token', async () => {
    const code = answerOf(await signIn(await authorize({}))).get('code') ?? '';
    const form = { grant_type: 'authorization_code', client_id: BROKER, code, redirect_uri: REDIRECT };
    const answers = await Promise.all([1, 2, 3].map(() => post(cloud(), '/common/oauth2/token', form)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
  });

  it('a wrong password shows the page again with its number, and the same page works afterwards', async () => {
    const page = await authorize({});
    const failed = await signIn(page, lab.user.upn, 'wrong');
    expect([failed.status, configOf(failed).sErrorCode]).toEqual([200, '50126']);
    expect(configOf(await signIn(page, `nobody@${lab.domain}`)).sErrorCode).toBe('50034');
    expect((await signIn(page)).status).toBe(302);
    expect(
      configOf(await post(cloud(), '/common/login', { login: lab.user.upn, passwd: lab.password, flowToken: 'none' })).sErrorCode,
    ).toBe('50089');
  });

  it('02 5.3 the ID token for DRS carries the MDM addresses of the first application in scope', async () => {
    const parameters = { response_type: 'code id_token', response_mode: 'form_post', nonce: 'n-1', state: 'x' };
    const posted = (
      await signIn(await authorize(parameters), lab.user.upn, lab.password, '?cxhflow=OOBE&cxhver=1.0&cxhplatform=Desktop')
    ).text();
    const field = (name: string, html: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(html)?.[1];
    expect(posted).toContain(`action="${REDIRECT}"`);
    const idToken = claims(field('id_token', posted));
    expect(idToken).toMatchObject({
      aud: BROKER,
      nonce: 'n-1',
      upn: lab.user.upn,
      tid: lab.tenant.id,
      oid: lab.user.id,
      mdm_enrollment_url: 'https://enrollment.manage.microsoft.com/enrollmentserver/discovery.svc',
      mdm_terms_of_use_url: 'https://portal.manage.microsoft.com/TermsofUse.aspx',
      mdm_tou_url: 'https://portal.manage.microsoft.com/TermsofUse.aspx',
      mdm_compliance_url: 'https://portal.manage.microsoft.com/?portalAction=Compliance',
    });
    expect(idToken.c_hash).toBe(
      createHash('sha256')
        .update(field('code', posted) ?? '')
        .digest()
        .subarray(0, 16)
        .toString('base64url'),
    );
    const { manager } = cloud().context.dataSource;
    expect(await manager.existsBy(SignInLog, { tenantId: lab.tenant.id, cxhflow: 'OOBE', errorCode: 0 })).toBe(true);
    const other = await newTenant(cloud());
    await manager.update(MdmApplication, { tenantId: other.tenant.id }, { scope: 'none' });
    const page = await authorize({ response_type: 'id_token' });
    const outside = await signIn(page, other.user.upn, other.password);
    expect(location(outside)).toMatch(/^ms-aadj-redir:\/\/auth\/drs#id_token=/);
    expect(Object.keys(claims(answerOf(outside).get('id_token'))).filter((name) => name.startsWith('mdm_'))).toEqual([]);
  });

  it('a browser that has signed in is not asked again unless the client wants it', async () => {
    const answered = await signIn(await authorize({}));
    const cookie = text([answered.headers['set-cookie']].flat()[0]).split(';')[0] ?? '';
    const silent = await authorize(
      { prompt: 'none', redirect_uri: 'ms-aadj-redir://auth/mdm', resource: 'https://enrollment.manage.microsoft.com/' },
      { cookie },
    );
    expect(location(silent)).toMatch(/^ms-aadj-redir:\/\/auth\/mdm\?code=/);
    expect(answerOf(await authorize({ prompt: 'none', state: 'q' })).get('error')).toBe('login_required');
    expect(answerOf(await authorize({ prompt: 'none', state: 'q' })).get('error_description')).toMatch(/^AADSTS50058:/);
    for (const parameters of [{ prompt: 'login' }, { login_hint: lab.admin.upn }, { amr_values: 'ngcmfa' }])
      expect((await authorize(parameters, { cookie })).status).toBe(200);
    const fresh = await signIn(await authorize({ amr_values: 'ngcmfa' }, { cookie }));
    const form = { grant_type: 'authorization_code', client_id: BROKER, code: answerOf(fresh).get('code') ?? '', redirect_uri: REDIRECT };
    expect(claims(members(await post(cloud(), '/common/oauth2/token', form)).access_token).amr).toEqual(['pwd', 'ngcmfa']);
  });

  it('refusals after the redirect URI is known go to the client', async () => {
    const code = async (parameters: Record<string, string>) =>
      /AADSTS(\d+):/.exec(answerOf(await authorize(parameters)).get('error_description') ?? '')?.[1];
    expect(await code({ resource: 'https://nowhere.example' })).toBe('500011');
    expect(await code({ response_type: 'magic' })).toBe('70005');
    expect(await code({ response_type: 'id_token', response_mode: 'query' })).toBe('90023');
    expect(configOf(await authorize({ client_id: randomUUID() }))).toMatchObject({ sErrorCode: '700016' });
    expect(configOf(await authorize({}, {}, '/nope.example/oauth2/authorize'))).toMatchObject({ sErrorCode: '90002' });
  });

  it('v2 asks with scopes, and a registered application gets its own redirect URI only', async () => {
    const parameters = {
      client_id: lab.clientId,
      redirect_uri: 'http://localhost',
      scope: 'openid offline_access https://graph.microsoft.com/.default',
    };
    const page = await authorize(parameters, {}, `/${lab.domain}/oauth2/v2.0/authorize`);
    const form = {
      grant_type: 'authorization_code',
      client_id: lab.clientId,
      client_secret: lab.clientSecret,
      code: answerOf(await signIn(page)).get('code') ?? '',
      redirect_uri: 'http://localhost',
    };
    const answer = members(await post(cloud(), `/${lab.domain}/oauth2/v2.0/token`, form));
    expect(claims(answer.access_token)).toMatchObject({ aud: 'https://graph.microsoft.com', appid: lab.clientId, appidacr: '1' });
    expect(typeof answer.refresh_token).toBe('string');
    expect((await authorize({ ...parameters, redirect_uri: REDIRECT }, {}, `/${lab.domain}/oauth2/v2.0/authorize`)).status).toBe(400);
  });

  it('a refresh token renews what it was first for when its client names nothing', async () => {
    const parameters = {
      client_id: lab.clientId,
      redirect_uri: 'http://localhost:49152',
      scope: 'openid offline_access https://graph.microsoft.com/.default',
    };
    const page = await authorize(parameters, {}, `/${lab.domain}/oauth2/v2.0/authorize`);
    const client = { client_id: lab.clientId, client_secret: lab.clientSecret };
    const form = { ...client, grant_type: 'authorization_code', code: answerOf(await signIn(page)).get('code') ?? '' };
    const { refresh_token } = members(await post(cloud(), `/${lab.domain}/oauth2/v2.0/token`, form));
    const renewal = { ...client, grant_type: 'refresh_token', refresh_token: text(refresh_token) };
    const v2 = members(await post(cloud(), `/${lab.domain}/oauth2/v2.0/token`, renewal));
    expect([claims(v2.access_token).aud, claims(v2.id_token).aud]).toEqual(['https://graph.microsoft.com', lab.clientId]);
    const v1 = members(await post(cloud(), `/${lab.domain}/oauth2/token`, { ...renewal, refresh_token: text(v2.refresh_token) }));
    expect(v1.resource).toBe('https://graph.microsoft.com');
  });

  it('signing out forgets the browser, and goes back only where the client may be', async () => {
    const answered = await signIn(await authorize({}));
    const cookie = text([answered.headers['set-cookie']].flat()[0]).split(';')[0] ?? '';
    const silent = () => authorize({ prompt: 'none' }, { cookie });
    expect(answerOf(await silent()).get('code')).not.toBeNull();
    const logout = (parameters: Record<string, string>) =>
      cloud().request(`${STS}/${lab.domain}/oauth2/v2.0/logout?${new URLSearchParams(parameters).toString()}`, { headers: { cookie } });
    const out = await logout({ client_id: lab.clientId, post_logout_redirect_uri: 'http://localhost', state: 'a b' });
    expect([out.status, out.headers.location]).toEqual([302, 'http://localhost?state=a%20b']);
    expect(text([out.headers['set-cookie']].flat()[0])).toMatch(/^ESTSAUTH=;.*1970/);
    expect(answerOf(await silent()).get('error')).toBe('login_required');
    for (const parameters of [
      {},
      { post_logout_redirect_uri: 'http://localhost' },
      { client_id: lab.clientId, post_logout_redirect_uri: 'https://evil.example' },
    ]) {
      const page = await logout(parameters);
      expect([page.status, page.headers.location, page.text().includes('You signed out')]).toEqual([200, undefined, true]);
    }
  });

  it('the OOBE web application is a page that shows what it was given', async () => {
    const page = await cloud().request(`${STS}/WebApp/CloudDomainJoin/4?mode=%3Cb%3E`);
    expect([page.status, page.text().includes('&lt;b&gt;')]).toEqual([200, true]);
  });
});
