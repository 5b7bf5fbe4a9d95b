import { beforeEach, describe, expect, it } from '@jest/globals';
import { control } from '@greenscreen/control';
import { SignInLog } from '@greenscreen/model/sts';
import { DirectoryUser, Tenant } from '@greenscreen/model/tenancy';
import { decodePageConfig } from '@greenscreen/wire/oauth';
import { sts } from '@greenscreen/sts';
import { type TestResponse, useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { BROKER, claims, DRS_URN, members, type Members, post, STS, text } from './support.js';

const cloud = useCloud(sts, control);
let lab: TestTenant;
beforeEach(async () => {
  lab = await newTenant(cloud());
  await cloud().context.dataSource.manager.update(DirectoryUser, { id: lab.user.id }, { mfaRequired: true });
});

const REDIRECT = 'ms-aadj-redir://auth/drs';
const authorize = (parameters: Record<string, string> = {}, headers: Record<string, string> = {}): Promise<TestResponse> => {
  const query = { client_id: BROKER, redirect_uri: REDIRECT, resource: DRS_URN, response_type: 'code', ...parameters };
  return cloud().request(`${STS}/common/oauth2/authorize?${new URLSearchParams(query).toString()}`, { headers });
};
const configOf = (page: TestResponse): Members => ({ ...decodePageConfig(page.text()) });
const flowOf = (page: TestResponse): string => text(configOf(page).sFT);
const givePassword = (flowToken: string, query = '', who = lab.user): Promise<TestResponse> =>
  post(cloud(), `/common/login${query}`, { login: who.upn, passwd: lab.password, flowToken });
const process = (flowToken: string, fields: Record<string, string> = {}): Promise<TestResponse> =>
  post(cloud(), '/common/SAS/ProcessAuth', { flowToken, request: flowToken, mfaAuthMethod: 'PhoneAppOTP', type: '19', ...fields });
const sas = async (method: 'BeginAuth' | 'EndAuth', fields: Members): Promise<Members> =>
  members(
    await cloud().request(`${STS}/common/SAS/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ AuthMethodId: 'PhoneAppOTP', Method: method, ...fields }),
    }),
  );

/** What the person's second device shows: the control API. */
async function codeOf(user = lab.user): Promise<string> {
  const { pending } = members(await cloud().request(`http://127.0.0.1/second-factors?user=${user.upn}`));
  const [first] = pending as { code: string }[];
  if (!first) throw new Error('Nobody is asked for a code');
  return first.code;
}
const otherThan = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

const codeIn = (response: TestResponse): string => new URL(text(response.headers.location)).searchParams.get('code') ?? '';
const tokenOf = async (response: TestResponse): Promise<Members> => {
  const form = { grant_type: 'authorization_code', client_id: BROKER, code: codeIn(response), redirect_uri: REDIRECT };
  return claims(members(await post(cloud(), '/common/oauth2/token', form)).access_token);
};

describe('a user with a second factor', () => {
  it('fills in the code on a page of its own, whose $Config scripts know', async () => {
    const asked = await givePassword(flowOf(await authorize({ state: 's1' })), '?cxhflow=OOBE');
    expect(asked.status).toBe(200);
    expect(asked.headers['set-cookie']).toBeUndefined();
    expect(configOf(asked)).toMatchObject({
      pgid: 'ConvergedTFA',
      sErrorCode: '',
      urlPost: '/common/SAS/ProcessAuth',
      urlBeginAuth: `${STS}/common/SAS/BeginAuth`,
      urlEndAuth: `${STS}/common/SAS/EndAuth`,
      sPOST_Username: lab.user.upn,
      arrUserProofs: [{ authMethodId: 'PhoneAppOTP', isDefault: true }],
      sessionId: expect.any(String),
      canary: expect.any(String),
    });
    const code = await codeOf();
    expect(asked.text()).not.toContain(code);
    const answered = await process(flowOf(asked), { otc: code });
    expect(text(answered.headers.location)).toMatch(/^ms-aadj-redir:\/\/auth\/drs\?code=.*state=s1/);
    expect(await tokenOf(answered)).toMatchObject({ upn: lab.user.upn, amr: ['pwd', 'mfa'] });
    const rows = await cloud().context.dataSource.manager.find(SignInLog, {
      where: { tenantId: lab.tenant.id, grant: 'interactive' },
      order: { createdAt: 'ASC' },
    });
    expect(rows.map(({ errorCode, cxhflow }) => [errorCode, cxhflow])).toEqual([
      [50074, 'OOBE'],
      [0, 'OOBE'],
    ]);
  });

  it('is let in by scripts that begin, end and process', async () => {
    const page = configOf(await givePassword(flowOf(await authorize())));
    const begun = await sas('BeginAuth', { ctx: page.sCtx, flowToken: page.sFT });
    expect(begun).toMatchObject({ Success: true, ResultValue: 'Success', ErrCode: 0, Retry: false, AuthMethodId: 'PhoneAppOTP' });
    const end = { Ctx: begun.Ctx, FlowToken: begun.FlowToken, SessionId: begun.SessionId, PollCount: 1 };
    const wrong = await sas('EndAuth', { ...end, AdditionalAuthData: otherThan(await codeOf()) });
    expect(wrong).toMatchObject({ Success: false, ResultValue: 'OathCodeIncorrect', ErrCode: 500121, Retry: true });
    const ended = await sas('EndAuth', { ...end, AdditionalAuthData: await codeOf() });
    expect(ended).toMatchObject({ Success: true, ResultValue: 'Success' });
    const answered = await process(text(ended.FlowToken), { request: text(ended.Ctx) });
    expect(await tokenOf(answered)).toMatchObject({ amr: ['pwd', 'mfa'] });
    expect(await sas('BeginAuth', { flowToken: page.sFT })).toMatchObject({ error_codes: [50089] });
  });

  it('gets no further without the code, and begins anew after five wrong ones', async () => {
    const flowToken = flowOf(await givePassword(flowOf(await authorize())));
    expect(configOf(await process(flowToken)).sErrorCode).toBe('500121');
    const right = await codeOf();
    for (let tries = 0; tries < 3; tries++) {
      const page = await process(flowToken, { otc: otherThan(right) });
      expect([page.status, configOf(page).pgid, configOf(page).sErrorCode]).toEqual([200, 'ConvergedTFA', '500121']);
    }
    expect(await sas('EndAuth', { FlowToken: flowToken, AdditionalAuthData: otherThan(right) })).toMatchObject({
      ResultValue: 'SMSAuthFailedMaxAllowedCodeRetryReached',
      Retry: false,
    });
    const over = await process(flowToken, { otc: right });
    expect([configOf(over).pgid, configOf(over).sErrorCode]).toEqual(['ConvergedSignIn', '500121']);
    const again = flowOf(await givePassword(flowOf(over)));
    expect((await process(again, { otc: await codeOf() })).status).toBe(302);
  });

  it('cannot be skipped: no password, no page; one code is good for one sign-in', async () => {
    const flowToken = flowOf(await authorize());
    expect(configOf(await process(flowToken, { otc: '000000' })).sErrorCode).toBe('50089');
    expect(await sas('EndAuth', { FlowToken: flowToken, AdditionalAuthData: '000000' })).toMatchObject({ error_codes: [50089] });
    await givePassword(flowToken);
    const otc = await codeOf();
    const answers = await Promise.all(Array.from({ length: 10 }, () => process(flowToken, { otc })));
    expect(answers.filter(({ headers }) => /[?&]code=/.test(String(headers.location)))).toHaveLength(1);
  });

  it('completes the code of a device', async () => {
    const { user_code, device_code } = members(await post(cloud(), '/common/oauth2/devicecode', { client_id: BROKER, resource: DRS_URN }));
    const asked = await givePassword(flowOf(await post(cloud(), '/common/oauth2/deviceauth', { otc: text(user_code) })));
    expect(configOf(asked).pgid).toBe('ConvergedTFA');
    const poll = () => post(cloud(), '/common/oauth2/token', { grant_type: 'device_code', client_id: BROKER, code: text(device_code) });
    expect(members(await poll()).error).toBe('authorization_pending');
    expect((await process(flowOf(asked), { otc: await codeOf() })).text()).toContain('You have signed in');
    expect(claims(members(await poll()).access_token).amr).toEqual(['pwd', 'mfa']);
  });

  it('is taken at their word where the tenant says so', async () => {
    await cloud().context.dataSource.manager.update(Tenant, { id: lab.tenant.id }, { switches: { 'sts.acceptSecondFactor': true } });
    const answered = await givePassword(flowOf(await authorize()));
    expect(await tokenOf(answered)).toMatchObject({ amr: ['pwd', 'mfa'] });
  });

  it('is asked again in a browser that only knows the password', async () => {
    const { manager } = cloud().context.dataSource;
    const cookieOf = (answer: TestResponse) => text([answer.headers['set-cookie']].flat()[0]).split(';')[0] ?? '';
    const whole = await process(flowOf(await givePassword(flowOf(await authorize()))), { otc: await codeOf() });
    expect((await authorize({ prompt: 'none' }, { cookie: cookieOf(whole) })).status).toBe(302);
    expect(codeIn(await authorize({ prompt: 'none' }, { cookie: cookieOf(whole) }))).not.toBe('');
    const half = await givePassword(flowOf(await authorize()), '', lab.admin);
    const silent = () => authorize({ prompt: 'none' }, { cookie: cookieOf(half) });
    expect(codeIn(await silent())).not.toBe('');
    await manager.update(DirectoryUser, { id: lab.admin.id }, { mfaRequired: true });
    expect(new URL(text((await silent()).headers.location)).searchParams.get('error')).toBe('login_required');
  });
});
