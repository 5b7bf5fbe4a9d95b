import { beforeAll, describe, expect, it } from '@jest/globals';
import { SignInLog } from '@greenscreen/model/sts';
import { DirectoryUser } from '@greenscreen/model/tenancy';
import { sts } from '@greenscreen/sts';
import { randomUUID } from 'node:crypto';
import { useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { claims, DRS_URN, members, passwordForm, post, STS, text } from './support.js';

const cloud = useCloud(sts);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
});
const token = (fields: Record<string, string>, path = '/common/oauth2/token', headers: Record<string, string> = {}) =>
  post(cloud(), path, fields, headers);

describe('token endpoint', () => {
  it('02-6 a password grant answers numbers as strings and echoes the form of the resource', async () => {
    const response = await token(passwordForm(lab));
    expect(response.status).toBe(200);
    expect(response.headers).toMatchObject({
      'cache-control': 'no-store',
      pragma: 'no-cache',
      'content-type': 'application/json; charset=utf-8',
    });
    const answer = members(response);
    for (const name of ['expires_in', 'ext_expires_in', 'expires_on', 'not_before', 'refresh_token', 'id_token'])
      expect(typeof answer[name]).toBe('string');
    expect(Number(answer.expires_on) - Number(answer.not_before)).toBe(3900);
    expect(claims(answer.access_token)).toMatchObject({
      aud: DRS_URN,
      iss: `https://sts.windows.net/${lab.tenant.id}/`,
      tid: lab.tenant.id,
      oid: lab.user.id,
      upn: lab.user.upn,
      unique_name: lab.user.upn,
      amr: ['pwd'],
      appidacr: '0',
      idtyp: 'user',
      ver: '1.0',
      scp: 'self_service_device_delete',
      puid: lab.user.puid,
    });
    const guid = '01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9';
    expect(claims(members(await token(passwordForm(lab, { resource: guid }))).access_token).aud).toBe(guid);
    const enrollment = members(await token(passwordForm(lab, { resource: 'https://enrollment.manage.microsoft.com' })));
    expect(enrollment).toMatchObject({ resource: 'https://enrollment.manage.microsoft.com/', scope: 'mdm_delegation' });
  });

  it('02-7 refusals carry their AADSTS number, text and ids', async () => {
    const response = await token(passwordForm(lab, { password: 'wrong' }), '/common/oauth2/token', {
      'client-request-id': '11111111-aaaa-bbbb-cccc-222222222222',
      'return-client-request-id': 'true',
    });
    expect(response.status).toBe(400);
    expect(members(response)).toMatchObject({
      error: 'invalid_grant',
      error_codes: [50126],
      correlation_id: '11111111-aaaa-bbbb-cccc-222222222222',
    });
    expect(members(response).error_description).toMatch(
      /^AADSTS50126: .* Trace ID: \S+ Correlation ID: 11111111-\S+ Timestamp: \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/,
    );
    expect(response.headers['x-ms-request-id']).toBe(members(response).trace_id);
    const cases: [Record<string, string>, string, number, string][] = [
      [passwordForm(lab, { username: `nobody@${lab.domain}` }), '/common/oauth2/token', 50034, 'invalid_grant'],
      [passwordForm(lab, { client_id: randomUUID() }), '/common/oauth2/token', 700016, 'unauthorized_client'],
      [passwordForm(lab, { grant_type: 'magic' }), '/common/oauth2/token', 70003, 'unsupported_grant_type'],
      [passwordForm(lab), '/common/oauth2/v2.0/token', 901002, 'invalid_request'],
      [passwordForm(lab, { resource: 'https://nowhere.example' }), '/common/oauth2/token', 500011, 'invalid_resource'],
      [passwordForm(lab), '/nope.example/oauth2/token', 90002, 'invalid_request'],
      [{ client_id: 'x' }, '/common/oauth2/token', 900144, 'invalid_request'],
      [passwordForm(lab, { client_secret: 'x' }), '/common/oauth2/token', 700025, 'invalid_client'],
    ];
    for (const [fields, path, code, error] of cases)
      expect(members(await token(fields, path))).toMatchObject({ error_codes: [code], error });
    const get = await cloud().request(`${STS}/common/oauth2/token`);
    expect([get.status, members(get).error_codes]).toEqual([400, [900561]]);
  });

  it('refuses disabled users, and users who need a second factor', async () => {
    const other = await newTenant(cloud());
    const { manager } = cloud().context.dataSource;
    await manager.update(DirectoryUser, { id: other.user.id }, { accountEnabled: false });
    await manager.update(DirectoryUser, { id: other.admin.id }, { mfaRequired: true });
    expect(members(await token(passwordForm(other)))).toMatchObject({ error_codes: [50057] });
    expect(members(await token(passwordForm(other, { username: other.admin.upn })))).toMatchObject({
      error_codes: [50076],
      error: 'interaction_required',
      suberror: 'basic_action',
    });
    expect(members(await token(passwordForm(lab), `/${other.tenant.id}/oauth2/token`))).toMatchObject({ error_codes: [50020] });
  });

  it('02-10 srv_challenge needs no Content-Type and no known tenant', async () => {
    for (const tenant of ['common', '645064ee-9b6e-43db-9d46-fe81a65cfdea', lab.domain]) {
      const response = await cloud().request(`${STS}/${tenant}/oauth2/token`, { method: 'POST', body: 'grant_type=srv_challenge' });
      expect(response.status).toBe(200);
      expect(members(response).Nonce).toMatch(/^[\w-]{60,}$/);
      expect(response.headers['cache-control']).toBe('no-store');
    }
  });

  it('02-11 a refresh token of one first-party client is redeemed by another, for another resource, on v2', async () => {
    const companyPortal = '9ba1a5c7-f17a-4de9-a1f1-6178c8d51223';
    const first = members(await token(passwordForm(lab, { client_id: companyPortal, resource: 'https://graph.microsoft.com' })));
    const refresh = {
      grant_type: 'refresh_token',
      client_id: companyPortal,
      refresh_token: text(first.refresh_token),
      scope: 'd4ebce55-015a-49b5-a083-c84d1797ae8c/.default openid',
    };
    const second = members(await token(refresh, '/common/oauth2/v2.0/token'));
    expect(second).toMatchObject({ expires_in: 3599, ext_expires_in: 3599, token_type: 'Bearer', foci: '1' });
    expect(claims(second.access_token)).toMatchObject({
      aud: 'd4ebce55-015a-49b5-a083-c84d1797ae8c',
      scp: 'mdm_delegation',
      ver: '1.0',
      iss: `https://sts.windows.net/${lab.tenant.id}/`,
    });
    expect(claims(second.id_token)).toMatchObject({ ver: '2.0', oid: lab.user.id, name: lab.user.displayName });
    const byBroker = { ...refresh, client_id: '29d9ed98-a469-4536-ade2-f981bc1d605e' };
    expect((await token(byBroker, '/common/oauth2/v2.0/token')).status).toBe(200);
    expect((await token(refresh, '/common/oauth2/v2.0/token')).status).toBe(200);
    await cloud().context.clock.advance(lab.tenant.id, 91 * 86_400_000);
    expect(members(await token(refresh, '/common/oauth2/v2.0/token'))).toMatchObject({ error_codes: [700082] });
    await cloud().context.clock.clear(lab.tenant.id);
  });

  it('client_credentials answers an application token with roles', async () => {
    const form = {
      grant_type: 'client_credentials',
      client_id: lab.clientId,
      client_secret: lab.clientSecret,
      scope: 'https://graph.microsoft.com/.default',
    };
    const answer = members(await token(form, `/${lab.domain}/oauth2/v2.0/token`));
    expect(answer).toMatchObject({ token_type: 'Bearer', expires_in: 3599 });
    const app = claims(answer.access_token);
    expect(app).toMatchObject({ aud: 'https://graph.microsoft.com', idtyp: 'app', appid: lab.clientId, appidacr: '1', tid: lab.tenant.id });
    expect(app.roles).toContain('DeviceManagementServiceConfig.ReadWrite.All');
    expect(app).not.toHaveProperty('upn');
    expect(app.sub).toBe(app.oid);
    const wrong = await token({ ...form, client_secret: 'guess' }, `/${lab.domain}/oauth2/v2.0/token`);
    expect([wrong.status, members(wrong).error_codes]).toEqual([401, [7000215]]);
    const basic = Buffer.from(`${lab.clientId}:${lab.clientSecret}`).toString('base64');
    const byHeader = { grant_type: 'client_credentials', scope: form.scope };
    expect((await token(byHeader, `/${lab.domain}/oauth2/v2.0/token`, { authorization: `Basic ${basic}` })).status).toBe(200);
    expect(
      members(await token({ ...form, scope: 'https://graph.microsoft.com/User.Read' }, `/${lab.domain}/oauth2/v2.0/token`)).error_codes,
    ).toEqual([70011]);
  });

  it('02-9 device code: strings on v1, numbers on v2, pending until somebody signs in', async () => {
    const v1 = members(
      await token({ client_id: '1b730954-1685-4b74-9bfd-dac224a7b894', resource: DRS_URN }, '/common/oauth2/devicecode?api-version=1.0%20'),
    );
    expect([typeof v1.expires_in, typeof v1.interval, typeof v1.message, typeof v1.verification_url]).toEqual([
      'string',
      'string',
      'string',
      'string',
    ]);
    const poll = {
      grant_type: 'device_code',
      client_id: '1b730954-1685-4b74-9bfd-dac224a7b894',
      code: text(v1.device_code),
      resource: DRS_URN,
    };
    expect(members(await token(poll))).toMatchObject({ error: 'authorization_pending', error_codes: [70016] });
    const v2 = members(
      await token(
        { client_id: '29d9ed98-a469-4536-ade2-f981bc1d605e', scope: '01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9/.default openid offline_access' },
        '/common/oauth2/v2.0/devicecode',
      ),
    );
    expect([typeof v2.expires_in, typeof v2.interval]).toEqual(['number', 'number']);
    const pollV2 = {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      client_id: '29d9ed98-a469-4536-ade2-f981bc1d605e',
      device_code: text(v2.device_code),
    };
    expect(members(await token(pollV2, '/common/oauth2/v2.0/token'))).toMatchObject({ error: 'authorization_pending' });
    for (const userCode of [v1.user_code, v2.user_code]) {
      const page = (await token({ otc: text(userCode).toLowerCase() }, '/common/oauth2/deviceauth')).text();
      const flowToken = /name="flowToken" value="([^"]+)"/.exec(page)?.[1] ?? '';
      const wrong = await token({ flowToken, login: lab.user.upn, passwd: 'wrong' }, '/common/login');
      expect(wrong.text()).toContain('50126');
      expect((await token({ flowToken, login: lab.user.upn, passwd: lab.password }, '/common/login')).text()).toContain(
        'You have signed in',
      );
    }
    expect(claims(members(await token(poll)).access_token)).toMatchObject({ upn: lab.user.upn, aud: DRS_URN });
    expect(claims(members(await token(pollV2, '/common/oauth2/v2.0/token')).access_token).aud).toBe('01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9');
    expect(members(await token(poll)).error_codes).toEqual([54005]);
  });

  it('many more requests at once than database connections all get their answer', async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, () => token(passwordForm(lab))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('every token request leaves a row in the sign-in log', async () => {
    const other = await newTenant(cloud());
    await token(passwordForm(other));
    await token(passwordForm(other, { password: 'wrong' }));
    const rows = await cloud().context.dataSource.manager.find(SignInLog, {
      where: { tenantId: other.tenant.id },
      order: { createdAt: 'ASC' },
    });
    expect(rows.map(({ grant, errorCode, userPrincipalName, resource }) => ({ grant, errorCode, userPrincipalName, resource }))).toEqual([
      { grant: 'password', errorCode: 0, userPrincipalName: other.user.upn, resource: DRS_URN },
      { grant: 'password', errorCode: 50126, userPrincipalName: other.user.upn, resource: DRS_URN },
    ]);
  });
});
