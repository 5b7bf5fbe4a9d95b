import { beforeAll, describe, expect, it } from '@jest/globals';
import { RefreshToken, SignInLog } from '@greenscreen/model/sts';
import { decodePageConfig } from '@greenscreen/wire/oauth';
import { sts } from '@greenscreen/sts';
import { type TestResponse } from '../../support/cloud.js';
import { useReplicas } from '../../support/replicas.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import {
  BROKER,
  claims,
  deviceSigned,
  DRS_URN,
  joinedDevice,
  members,
  nonce,
  passwordForm,
  post,
  signedForm,
  STS,
  text,
} from './support.js';

const AT_ONCE = 20;
const REDIRECT = 'ms-aadj-redir://auth/drs';

const replicas = useReplicas(sts);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(replicas().first);
});

/** How often each AADSTS number came; 0 counts the successes. */
function outcomes(answers: readonly TestResponse[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) {
    const codes = answer.status === 200 ? [0] : members(answer).error_codes;
    const code = String(Array.isArray(codes) ? codes[0] : answer.text());
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

const redeem = (form: Record<string, string>, times = AT_ONCE, path = '/common/oauth2/token'): Promise<TestResponse[]> =>
  replicas().atOnce(times, (replica) => post(replica, path, form));

const login = ({ user, password }: TestTenant, flowToken: string) => ({ login: user.upn, passwd: password, flowToken });

/** Signs a user in through the page; the code of the redirect. */
async function authorizationCode(tenant: TestTenant): Promise<string> {
  const query = new URLSearchParams({ client_id: BROKER, redirect_uri: REDIRECT, resource: DRS_URN, response_type: 'code' });
  const page = await replicas().first.request(`${STS}/common/oauth2/authorize?${query.toString()}`);
  const answered = await post(replicas().first, '/common/login', login(tenant, text(decodePageConfig(page.text())?.sFT)));
  return new URL(text(answered.headers.location)).searchParams.get('code') ?? '';
}

async function deviceCode(): Promise<Record<string, unknown>> {
  return members(await post(replicas().first, '/common/oauth2/devicecode', { client_id: BROKER, resource: DRS_URN }));
}

async function flowOfUserCode(userCode: unknown): Promise<string> {
  const page = await post(replicas().first, '/common/oauth2/deviceauth', { otc: text(userCode) });
  return text(decodePageConfig(page.text())?.sFT);
}

const refreshTokens = (tenant: TestTenant): Promise<number> =>
  replicas().first.context.dataSource.manager.countBy(RefreshToken, { tenantId: tenant.tenant.id });

describe(`the same grant ${AT_ONCE} times at once, on two replicas`, () => {
  it('a refresh token gives tokens once where the tenant wants it so, the others are AADSTS50173 and leave nothing', async () => {
    const tenant = await newTenant(replicas().first, { 'sts.singleUseRefreshToken': true });
    const first = members(await post(replicas().first, '/common/oauth2/token', passwordForm(tenant)));
    const form = { grant_type: 'refresh_token', client_id: BROKER, refresh_token: text(first.refresh_token), resource: DRS_URN };
    expect(outcomes(await redeem(form))).toEqual({ 0: 1, 50173: AT_ONCE - 1 });
    expect(await refreshTokens(tenant)).toBe(2);
    expect(outcomes(await redeem(form, 1))).toEqual({ 50173: 1 });
  });

  it('an authorization code gives tokens once, the others are AADSTS54005 and leave nothing', async () => {
    const tenant = await newTenant(replicas().first);
    const code = await authorizationCode(tenant);
    const form = { grant_type: 'authorization_code', client_id: BROKER, code, redirect_uri: REDIRECT };
    expect(outcomes(await redeem(form))).toEqual({ 0: 1, 54005: AT_ONCE - 1 });
    expect(await refreshTokens(tenant)).toBe(1);
    const rows = await replicas().first.context.dataSource.manager.findBy(SignInLog, {
      tenantId: tenant.tenant.id,
      grant: 'authorization_code',
    });
    expect(rows.filter(({ errorCode }) => errorCode === 0)).toHaveLength(1);
    expect(rows).toHaveLength(AT_ONCE);
  });

  it('a device code gives tokens once', async () => {
    const tenant = await newTenant(replicas().first);
    const { user_code, device_code } = await deviceCode();
    const form = { grant_type: 'device_code', client_id: BROKER, code: text(device_code), resource: DRS_URN };
    expect(outcomes(await redeem(form))).toEqual({ 70016: AT_ONCE });
    await post(replicas().first, '/common/login', login(tenant, await flowOfUserCode(user_code)));
    expect(outcomes(await redeem(form))).toEqual({ 0: 1, 54005: AT_ONCE - 1 });
    expect(await refreshTokens(tenant)).toBe(1);
  });

  it('a device code is approved by one of two people who type it at once', async () => {
    const { user_code, device_code } = await deviceCode();
    const flows = [await flowOfUserCode(user_code), await flowOfUserCode(user_code)];
    const people = [lab.user.upn, lab.admin.upn];
    const pages = await replicas().atOnce(2, (replica, index) =>
      post(replica, '/common/login', { login: people[index] ?? '', passwd: lab.password, flowToken: flows[index] ?? '' }),
    );
    const told = pages.map((page) => page.text().includes('You have signed in'));
    expect(told.filter(Boolean)).toHaveLength(1);
    const [answer] = await redeem({ grant_type: 'device_code', client_id: BROKER, code: text(device_code), resource: DRS_URN }, 1);
    expect(claims(answer && members(answer).access_token).upn).toBe(people[told.indexOf(true)]);
  });

  it('02 4.4 a refresh token stays valid however often it is used, and is refused everywhere from the moment it is revoked', async () => {
    const tenant = await newTenant(replicas().first);
    const first = members(await post(replicas().first, '/common/oauth2/token', passwordForm(tenant)));
    const form = { grant_type: 'refresh_token', client_id: BROKER, refresh_token: text(first.refresh_token), resource: DRS_URN };
    const used = await redeem(form);
    expect(outcomes(used)).toEqual({ 0: AT_ONCE });
    expect(new Set(used.map((answer) => members(answer).refresh_token)).size).toBe(AT_ONCE);
    const { manager } = replicas().first.context.dataSource;
    await manager.update(RefreshToken, { tenantId: tenant.tenant.id }, { revokedAt: new Date() });
    expect(outcomes(await redeem(form))).toEqual({ 50173: AT_ONCE });
  });

  it('02 4.2 a nonce serves all of them, or one where the tenant wants it used once', async () => {
    for (const [switches, expected] of [
      [{}, { 0: AT_ONCE }],
      [{ 'sts.singleUseNonce': true }, { 0: 1, 140000: AT_ONCE - 1 }],
    ] as const) {
      const tenant = await newTenant(replicas().first, switches);
      const device = await joinedDevice(replicas().first, tenant);
      const payload = {
        client_id: BROKER,
        resource: DRS_URN,
        grant_type: 'device_token',
        request_nonce: await nonce(replicas().first, tenant.tenant.id),
      };
      const form = signedForm(await deviceSigned(device, payload));
      expect(outcomes(await redeem(form, AT_ONCE, `/${tenant.tenant.id}/oauth2/token`))).toEqual(expected);
    }
  });
});
