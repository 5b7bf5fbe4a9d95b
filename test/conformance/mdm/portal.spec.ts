import { beforeAll, describe, expect, it } from '@jest/globals';
import { mdm } from '@greenscreen/mdm';
import { tokenTypes } from '@greenscreen/wire/soap';
import { type TestResponse, useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { deviceToken, getPolicies, joinedAutopilotDevice, refusalOf, userToken } from './support.js';

const PORTAL = 'https://portal.manage.microsoft.com';
const APP = 'ms-app://windows.immersivecontrolpanel?a="b"&c';
const BROKER = 'ms-appx-web://Microsoft.AAD.BrokerPlugin';
const cloud = useCloud(mdm);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
});

const page = (path: string, parameters: Record<string, string>, options = {}): Promise<TestResponse> =>
  cloud().request(`${PORTAL}/${path}?${new URLSearchParams(parameters).toString()}`, options);
const auth = (parameters: Record<string, string>, form?: Record<string, string>) =>
  page('EnrollmentServer/Auth', parameters, form ? { method: 'POST', body: new URLSearchParams(form).toString() } : {});
const unescape = (text: string): string =>
  text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
const attribute = (html: string, expression: RegExp): string => unescape(expression.exec(html)?.[1] ?? '');

describe('Web sign-in', () => {
  it('04 1.4 posts a token to the app, byte for byte; the token enrolls', async () => {
    const asked = { appru: APP, login_hint: lab.user.upn };
    const form = await auth(asked);
    expect([form.status, form.headers['content-type']]).toEqual([200, 'text/html; charset=UTF-8']);
    expect(form.text()).toContain(lab.user.upn);
    const answer = await auth(asked, { username: lab.user.upn, password: lab.password });
    const html = answer.text();
    expect(attribute(html, /action="([^"]*)"/)).toBe(APP);
    const token = attribute(html, /name="wresult" value="([^"]*)"/);
    expect(token.length).toBeGreaterThan(20);
    expect((await getPolicies(cloud(), token, tokenTypes.user)).status).toBe(200);
    expect(refusalOf(await getPolicies(cloud(), `${token}x`, tokenTypes.user))).toMatchObject({ subcode: 's:Authentication' });
    await cloud().context.clock.advance(lab.tenant.id, 61 * 60_000);
    expect(refusalOf(await getPolicies(cloud(), token, tokenTypes.user))).toMatchObject({ subcode: 's:Authentication' });
    await cloud().context.clock.clear(lab.tenant.id);
  });

  it('04 1.4 a wrong password shows the page again and gives no token', async () => {
    const answer = await auth({ appru: APP, login_hint: lab.user.upn }, { username: lab.user.upn, password: 'wrong' });
    expect([answer.status, answer.text()]).toEqual([200, expect.stringContaining('incorrect')]);
    expect(answer.text()).not.toContain('wresult');
  });

  it('04 1.4 missing parameters and foreign addresses are refused', async () => {
    for (const parameters of [
      {},
      { appru: APP },
      { login_hint: 'a@b.example' },
      { appru: 'https://elsewhere.example', login_hint: 'a@b.example' },
    ] as Record<string, string>[]) {
      expect((await auth(parameters)).status).toBe(400);
      const answer = await auth(parameters, { username: lab.user.upn, password: lab.password });
      expect([answer.status, answer.text().includes('wresult')]).toEqual([400, false]);
    }
  });
});

describe('Terms of use', () => {
  const asked = { 'api-version': '1.0', redirect_uri: BROKER, 'client-request-id': 'a' };
  const terms = (parameters: Record<string, string>, token?: string): Promise<TestResponse> =>
    page('TermsofUse.aspx', parameters, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });

  it('04 1.5 a user accepts or declines', async () => {
    const html = unescape((await terms(asked, await userToken(cloud(), lab))).text());
    expect(html).toMatch(new RegExp(`href="${BROKER}\\?IsAccepted=true&OpaqueBlob=[\\w-]+"`));
    expect(html).toContain(`href="${BROKER}?IsAccepted=false"`);
  });

  it('04 1.5 errors go back to the broker', async () => {
    const device = await joinedAutopilotDevice(cloud(), lab);
    const location = async (parameters: Record<string, string>, token?: string) => {
      const answer = await terms(parameters, token);
      return [answer.status, answer.headers.location];
    };
    const user = await userToken(cloud(), lab);
    expect(await location({ ...asked, 'api-version': '2.0' }, user)).toEqual([
      302,
      `${BROKER}?error=invalid_request&error_description=unsupported%20version`,
    ]);
    for (const token of [undefined, 'x', await deviceToken(cloud(), lab, device)])
      expect(await location(asked, token)).toEqual([302, expect.stringContaining('error=unauthorized_client')]);
    for (const redirect of ['', 'https://elsewhere.example'])
      expect((await terms({ ...asked, redirect_uri: redirect }, user)).status).toBe(400);
  });
});
