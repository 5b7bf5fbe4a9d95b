import { beforeAll, describe, expect, it } from '@jest/globals';
import { sidOfObjectId } from '@greenscreen/crypto/sid';
import { type TestResponse, useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { BROKER, claims, JWT_BEARER, members, type Members, STS, text, WINDOWS_SIGN_IN } from '../sts/support.js';
import {
  approveDeviceCode,
  deviceJws,
  DRS_GUID,
  form,
  joinWithTool,
  openSessionAnswer,
  passwordOf,
  postFields,
  postForm,
  prtOf,
  sessionJws,
  srvChallenge,
} from './public-clients.support.js';
import { DRS, entra, findDevice, newKeys, object } from './support.js';

const cloud = useCloud(...entra);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
});

describe('libhimmelblau', () => {
  it('02 17 finds its tenant, signs in on the page, joins where discovery says, and lives on its PRT', async () => {
    const provider = members(await cloud().request(`https://odc.officeapps.live.com/odc/v2.1/federationprovider?domain=${lab.domain}`));
    expect(provider).toMatchObject({ tenantId: lab.tenant.id, authority_host: 'login.microsoftonline.com' });
    const tenant = text(provider.tenantId);
    const query = form({
      client_id: BROKER,
      response_type: 'code',
      redirect_uri: 'msauth://Microsoft.AAD.BrokerPlugin',
      scope: 'openid profile offline_access',
      login_hint: lab.user.upn,
    });
    const page = await cloud().request(`${STS}/${tenant}/oauth2/v2.0/authorize?${query}`);
    const html = page.text();
    const config = JSON.parse(html.slice(html.indexOf('$Config=') + 8, html.indexOf('//]]>') - 2)) as Members;
    const credentialType = members(
      await postForm(
        cloud(),
        '/common/GetCredentialType',
        JSON.stringify({ username: lab.user.upn, isOtherIdpSupported: true, flowToken: config.sFT, originalRequest: config.sCtx }),
        'application/json',
      ),
    );
    expect(object(credentialType.Credentials).HasPassword).toBe(true);
    const answered = await postForm(
      cloud(),
      text(config.urlPost),
      form({
        login: lab.user.upn,
        loginfmt: lab.user.upn,
        passwd: lab.password,
        ctx: config.sCtx,
        flowToken: config.sFT,
        canary: config.canary,
        hpgrequestid: config.sessionId,
        type: 11,
        LoginOptions: 3,
      }),
    );
    const code = /href="[^"]*\?code=([^&"]+)/.exec(answered.text())?.[1];
    expect(code).toBeDefined();
    const token = members(
      await postFields(cloud(), `/${tenant}/oauth2/v2.0/token`, {
        grant_type: 'authorization_code',
        client_id: BROKER,
        code: decodeURIComponent(code ?? ''),
        redirect_uri: 'msauth://Microsoft.AAD.BrokerPlugin',
        scope: 'openid profile offline_access',
      }),
    );
    for (const name of ['token_type', 'refresh_token']) expect(typeof token[name]).toBe('string');
    const access = members(
      await postFields(cloud(), `/${tenant}/oauth2/v2.0/token`, {
        grant_type: 'refresh_token',
        client_id: BROKER,
        refresh_token: token.refresh_token,
        scope: `openid profile offline_access ${DRS_GUID}/.default`,
        client_info: 1,
      }),
    );
    expect([typeof access.expires_in, typeof access.ext_expires_in, claims(access.access_token).aud]).toEqual([
      'number',
      'number',
      DRS_GUID,
    ]);

    const discovery = members(
      await cloud().request(`${DRS}/${tenant}/Discover?api-version=1.9&managed=True`, {
        headers: { authorization: `Bearer ${text(access.access_token)}` },
      }),
    );
    const { JoinEndpoint, ServiceVersion } = object(discovery.DeviceJoinService);
    expect(object(discovery.IdentityProviderService).Federated).toBe(false);
    const device = await joinWithTool(cloud(), await newKeys(), {
      token: text(access.access_token),
      version: text(ServiceVersion),
      url: text(JoinEndpoint),
      body: { DeviceType: 'Linux', OSVersion: 'openSUSE Leap 15.5' },
      attributes: { Attributes: { ReuseDevice: 'true', ReturnClientSid: 'true', SharedDevice: 'false' } },
    });
    expect(await findDevice(cloud(), device.deviceId)).toMatchObject({ operatingSystem: 'Linux', state: 'joined_user' });

    const payload = {
      client_id: BROKER,
      request_nonce: await srvChallenge(cloud(), tenant, ''),
      scope: 'openid aza ugs',
      grant_type: 'refresh_token',
      refresh_token: token.refresh_token,
    };
    const request = deviceJws(device, payload, { x5c: 'array' });
    const body = `windows_api_version=2.0&grant_type=${JWT_BEARER}&request=${request}&client_info=1&tgt=true`;
    const of = prtOf(device, await postForm(cloud(), `/${tenant}/oauth2/token`, body, ''));
    const idToken = members(
      await postForm(
        cloud(),
        `/${tenant}/oauth2/token`,
        `windows_api_version=2.0&grant_type=${JWT_BEARER}&client_info=1&request=${deviceJws(device, { ...payload, request_nonce: await srvChallenge(cloud(), tenant, '') }, { x5c: 'array' })}`,
        '',
      ),
    ).id_token;
    expect(claims(idToken)).toMatchObject({
      preferred_username: lab.user.upn,
      primary_sid: sidOfObjectId(lab.user.id),
      name: lab.user.displayName,
    });
    const useOf = async (more: Members): Promise<TestResponse> =>
      postForm(
        cloud(),
        `/${tenant}/oauth2/token`,
        `windows_api_version=2.2&grant_type=${JWT_BEARER}&request=${sessionJws(of, { win_ver: '10.0.19041.868', refresh_token: of.token, grant_type: 'refresh_token', iss: 'aad:brokerplugin', aud: 'login.microsoftonline.com', ...more }, { contextBytes: 32 })}`,
        '',
      );
    const exchanged = openSessionAnswer(
      of,
      await useOf({
        client_id: BROKER,
        scope: `openid profile offline_access ${DRS_GUID}/.default`,
        request_nonce: await srvChallenge(cloud(), tenant, ''),
      }),
    );
    expect(claims(exchanged.access_token)).toMatchObject({ deviceid: device.deviceId, upn: lab.user.upn, amr: expect.any(Array) });
    const renewed = openSessionAnswer(
      of,
      await useOf({
        client_id: WINDOWS_SIGN_IN,
        scope: 'openid aza',
        previous_refresh_token: of.token,
        request_nonce: await srvChallenge(cloud(), tenant, ''),
      }),
    );
    expect([typeof renewed.refresh_token, typeof renewed.refresh_token_expires_in, renewed.device_tenant_id]).toEqual([
      'string',
      'number',
      tenant,
    ]);
  });

  it('02 17 signs in with a device code of the v2 endpoint, whose numbers are numbers', async () => {
    const scope = `openid profile offline_access ${DRS_GUID}/.default`;
    const begun = members(await postFields(cloud(), `/${lab.tenant.id}/oauth2/v2.0/devicecode`, { client_id: BROKER, scope }));
    expect(begun).toMatchObject({ expires_in: expect.any(Number), interval: expect.any(Number), verification_uri: expect.any(String) });
    const poll = () =>
      postFields(cloud(), `/${lab.tenant.id}/oauth2/v2.0/token`, {
        client_id: BROKER,
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        device_code: begun.device_code,
      });
    expect(members(await poll()).error_codes).toEqual([70016]);
    await approveDeviceCode(cloud(), lab, text(begun.user_code));
    const token = members(await poll());
    expect(claims(token.access_token)).toMatchObject({ aud: DRS_GUID, tid: lab.tenant.id, upn: lab.user.upn, amr: ['pwd'] });
    expect([typeof token.refresh_token, typeof token.ext_expires_in]).toEqual(['string', 'number']);
  });

  it('02 17 opens authorize with its PRT as a header, reads the code out of the page and redeems it', async () => {
    const grant = members(await postFields(cloud(), '/common/oauth2/token', passwordOf(lab, { client_id: BROKER, resource: DRS_GUID })));
    const device = await joinWithTool(cloud(), await newKeys(), { token: text(grant.access_token), version: '2.0', attributes: {} });
    const payload = {
      client_id: BROKER,
      request_nonce: await srvChallenge(cloud(), lab.tenant.id, ''),
      scope: 'openid aza ugs',
      grant_type: 'refresh_token',
      refresh_token: grant.refresh_token,
    };
    const body = `windows_api_version=2.0&grant_type=${JWT_BEARER}&request=${deviceJws(device, payload, { x5c: 'array' })}&client_info=1`;
    const of = prtOf(device, await postForm(cloud(), `/${lab.tenant.id}/oauth2/token`, body, ''));
    const redirect_uri = 'msauth://Microsoft.AAD.BrokerPlugin';
    const query = form({ client_id: BROKER, response_type: 'code', redirect_uri, scope: `openid ${DRS_GUID}/.default` });
    const signIn = (prtCredential: string, deviceCredential: string) =>
      cloud().request(`${STS}/${lab.tenant.id}/oauth2/v2.0/authorize?${query}`, {
        headers: { 'x-ms-RefreshTokenCredential': prtCredential, 'x-ms-DeviceCredential': deviceCredential },
      });
    const request_nonce = await srvChallenge(cloud(), lab.tenant.id, '');
    const device_auth = { grant_type: 'device_auth', iss: 'aad:brokerplugin', request_nonce };
    const page = await signIn(
      sessionJws(of, { refresh_token: of.token, is_primary: 'true', request_nonce }, { contextBytes: 32 }),
      deviceJws(device, device_auth, { x5c: 'array' }),
    );
    const anchor = /<a href="([^"]+)"/.exec(page.text())?.[1]?.replaceAll('&amp;', '&') ?? '';
    const answer = members(
      await postFields(cloud(), `/${lab.tenant.id}/oauth2/v2.0/token`, {
        grant_type: 'authorization_code',
        client_id: BROKER,
        code: new URL(anchor).searchParams.get('code'),
        redirect_uri,
        scope: `openid ${DRS_GUID}/.default`,
      }),
    );
    expect(claims(answer.access_token)).toMatchObject({ deviceid: device.deviceId, upn: lab.user.upn, aud: DRS_GUID });
    // Without the session key the page asks for the password, whatever is claimed.
    const stranger = sessionJws({ ...of, sessionKey: Buffer.alloc(32) }, { refresh_token: of.token, is_primary: 'true', request_nonce });
    expect((await signIn(stranger, '')).text()).toContain('$Config=');
  });
});
