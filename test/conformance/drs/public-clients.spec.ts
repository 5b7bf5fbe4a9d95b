import { beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPair } from '@greenscreen/crypto/keys';
import { sidOfObjectId } from '@greenscreen/crypto/sid';
import { EntraDevice, HelloKey, setDeviceEnabled } from '@greenscreen/model/directory';
import { DirectoryUser } from '@greenscreen/model/tenancy';
import { createHash, X509Certificate } from 'node:crypto';
import { type TestResponse, useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { BROKER, claims, DRS_URN, ENROLLMENT, JWT_BEARER, members, type Members, STS, text, WINDOWS_SIGN_IN } from '../sts/support.js';
import { mintTicket, registeredMachine } from '../sts/userless.support.js';
import { csrOf, DRS, entra, findDevice, keyBlob, newKeys, object, userToken } from './support.js';
import {
  deviceJws,
  form,
  helloAssertion,
  joinWithTool,
  openSessionAnswer,
  postFields,
  postForm,
  prtOf,
  sessionJws,
  srvChallenge,
  type ToolDevice,
  type ToolPrt,
  verifiesWithKeySet,
} from './public-clients.support.js';

const cloud = useCloud(...entra);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
});
const DRS_GUID = '01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9';
const POWERSHELL = '1b730954-1685-4b74-9bfd-dac224a7b894';
const NATIVE = 'https://login.microsoftonline.com/common/oauth2/nativeclient';
const password = (more: Members): Members => ({ grant_type: 'password', username: lab.user.upn, password: lab.password, ...more });
const signed = (request: string, more: Members = {}): Members => ({ windows_api_version: '2.2', grant_type: JWT_BEARER, request, ...more });
const remove = ({ deviceId, certificate }: ToolDevice, query = '') =>
  cloud().request(`${DRS}/EnrollmentServer/device/${deviceId}${query}`, {
    method: 'DELETE',
    headers: { 'user-agent': 'Dsreg/10.0 (Windows 10.0.19044.1826)', accept: 'application/json1' },
    clientCertificate: Buffer.from(certificate, 'base64'),
  });

describe('roadtx', () => {
  const drsToken = async (): Promise<string> =>
    text(members(await postFields(cloud(), '/common/oauth2/token', password({ client_id: BROKER, resource: DRS_URN }))).access_token);
  const prt = async (device: ToolDevice, more: Members): Promise<ToolPrt> => {
    const payload = { request_nonce: await srvChallenge(cloud()), scope: 'openid aza ugs', win_ver: '10.0.19041.868', ...more };
    const request = deviceJws(device, payload, { x5c: 'string', header: { kdf_ver: 2 } });
    return prtOf(device, await postFields(cloud(), '/common/oauth2/token', signed(request, { tgt: 'True', client_info: '1' })));
  };
  /** Dates are texts here. */
  const use = async (of: ToolPrt, payload: Members, kdf: 1 | 2 = 2): Promise<TestResponse> => {
    const at = Math.floor(Date.now() / 1000);
    const request = {
      win_ver: '10.0.19041.868',
      scope: 'openid',
      request_nonce: await srvChallenge(cloud()),
      refresh_token: of.token,
      redirect_uri: `ms-appx-web://Microsoft.AAD.BrokerPlugin/${BROKER}`,
      iss: 'aad:brokerplugin',
      grant_type: 'refresh_token',
      client_id: BROKER,
      aud: 'login.microsoftonline.com',
      iat: String(at),
      exp: String(at + 100),
      ...payload,
    };
    return postFields(cloud(), '/common/oauth2/token', signed(sessionJws(of, request, { kdf }), { tgt: 'True', client_info: '1' }));
  };

  it('02 17 joins, registers, gets a PRT by password and by refresh token, uses and renews it, and deletes the device', async () => {
    const device = await joinWithTool(cloud(), await newKeys(), {
      token: await drsToken(),
      version: '2.0',
      attributes: { attributes: { ReuseDevice: 'true', ReturnClientSid: 'true' } },
    });
    expect(await findDevice(cloud(), device.deviceId)).toMatchObject({ state: 'joined_user', trustType: 'AzureAd' });
    const mac = await joinWithTool(cloud(), await newKeys(), {
      token: await drsToken(),
      version: '3.0',
      body: { JoinType: 4, DeviceType: 'MacOS' },
      attributes: { attributes: { ReuseDevice: 'true', ReturnClientSid: 'true' } },
    });
    expect(await findDevice(cloud(), mac.deviceId)).toMatchObject({ trustType: 'Workplace', operatingSystem: 'MacOS' });

    const byPassword = await prt(device, { client_id: WINDOWS_SIGN_IN, ...password({}) });
    const { refresh_token } = members(
      await postFields(cloud(), '/common/oauth2/token', password({ client_id: BROKER, resource: DRS_URN })),
    );
    const byRefreshToken = await prt(device, { client_id: BROKER, grant_type: 'refresh_token', refresh_token });
    for (const primary of [byPassword, byRefreshToken])
      for (const kdf of [1, 2] as const) {
        const answer = openSessionAnswer(primary, await use(primary, { resource: 'https://graph.windows.net' }, kdf));
        expect(claims(answer.access_token)).toMatchObject({
          deviceid: device.deviceId,
          upn: lab.user.upn,
          amr: expect.arrayContaining(['pwd', 'rsa']),
        });
      }
    const renewal = {
      client_id: WINDOWS_SIGN_IN,
      scope: 'openid aza ugs',
      previous_refresh_token: byPassword.token,
      refresh_token: byPassword.token,
    };
    const renewed = openSessionAnswer(byPassword, await use(byPassword, renewal));
    expect(renewed.session_key_jwe).toBeUndefined();
    const again = { ...byPassword, token: text(renewed.refresh_token) };
    expect(claims(openSessionAnswer(again, await use(again, { resource: ENROLLMENT })).access_token).aud).toBe(ENROLLMENT);
    const gone = await remove(device);
    expect([gone.status, Object.keys(members(gone))]).toEqual([200, ['AttestationResult']]);
    expect(members(await use(again, { resource: ENROLLMENT })).error_codes).toEqual([50155]);
  });

  it('02 17 signs a browser in with the PRT cookie, asking for its nonce first', async () => {
    const device = await joinWithTool(cloud(), await newKeys(), { token: await drsToken(), version: '2.0', attributes: {} });
    const of = await prt(device, { client_id: WINDOWS_SIGN_IN, ...password({}) });
    const url = `${STS}/common/oauth2/authorize?${form({ response_type: 'code', client_id: BROKER, resource: DRS_URN, redirect_uri: NATIVE })}`;
    const open = (address: string, credential: Members) =>
      cloud().request(address, { headers: { cookie: `x-ms-RefreshTokenCredential=${sessionJws(of, credential)}` } });
    const first = await open(url, { refresh_token: of.token, is_primary: 'true', iat: String(Math.floor(Date.now() / 1000)) });
    const nonce = new URL(text(first.headers.location)).searchParams.get('sso_nonce');
    expect([first.status, nonce]).toEqual([302, expect.any(String)]);
    const second = await open(`${url}&sso_nonce=${nonce ?? ''}`, { refresh_token: of.token, is_primary: 'true', request_nonce: nonce });
    const location = text(second.headers.location);
    expect([second.status, location.startsWith(`${NATIVE}?code=`)]).toEqual([302, true]);
    const code = new URL(location).searchParams.get('code');
    const answer = await postFields(cloud(), '/common/oauth2/token', {
      grant_type: 'authorization_code',
      client_id: BROKER,
      code,
      redirect_uri: NATIVE,
      resource: DRS_URN,
    });
    expect(claims(members(answer).access_token).deviceid).toBe(device.deviceId);
  });

  it('02 17 provisions a Windows Hello key and signs in with it', async () => {
    const device = await joinWithTool(cloud(), await newKeys(), { token: await drsToken(), version: '2.0', attributes: {} });
    const key = await generateKeyPair('rsa2048');
    const token = await userToken(cloud(), lab, { deviceid: device.deviceId, amr: ['pwd', 'ngcmfa', 'rsa'] });
    const registered = await cloud().request(`${DRS}/EnrollmentServer/key/?api-version=1.0`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({ kngc: keyBlob(key) }),
    });
    expect(registered.status).toBe(200);
    const at = Math.floor(Date.now() / 1000);
    const inner = async (): Promise<Members> => ({
      iss: lab.user.upn,
      aud: 'common',
      iat: String(at - 3600),
      exp: String(at + 3600),
      request_nonce: await srvChallenge(cloud()),
      scope: 'openid aza ugs',
    });
    const ask = async (assertion: string): Promise<TestResponse> => {
      const payload = {
        client_id: WINDOWS_SIGN_IN,
        request_nonce: await srvChallenge(cloud()),
        scope: 'openid aza ugs',
        grant_type: JWT_BEARER,
        username: lab.user.upn,
        assertion,
      };
      return postFields(cloud(), '/common/oauth2/token', signed(deviceJws(device, payload, { x5c: 'string' }), { client_info: '1' }));
    };
    const of = prtOf(device, await ask(helloAssertion(key, await inner())));
    const access = claims(openSessionAnswer(of, await use(of, { resource: DRS_URN })).access_token);
    expect(access).toMatchObject({ upn: lab.user.upn, amr: ['rsa', 'mfa'], deviceid: device.deviceId });

    // Each refusal of the assertion, beside the good one above.
    const other = await generateKeyPair('rsa2048');
    const registeredKid = createHash('sha256')
      .update(Buffer.from(keyBlob(key), 'base64'))
      .digest('base64');
    const codeOf = async (assertion: string) => members(await ask(assertion)).error_codes;
    expect(await codeOf(helloAssertion(other, await inner()))).toEqual([130004]);
    expect(await codeOf(helloAssertion(other, await inner(), { kid: registeredKid }))).toEqual([130005]);
    expect(await codeOf(helloAssertion(key, { ...(await inner()), aud: 'https://example.com' }))).toEqual([50013]);
    expect(await codeOf(helloAssertion(key, { ...(await inner()), exp: at - 1 }))).toEqual([50013]);
    expect(await codeOf(helloAssertion(key, { ...(await inner()), request_nonce: 'x' }))).toEqual([140000]);
    expect(await codeOf(helloAssertion(key, { ...(await inner()), iss: lab.admin.upn }))).toEqual([50013]);
    expect(await codeOf('nonsense')).toEqual([50027]);
    const { manager } = cloud().context.dataSource;
    const maker = await joinWithTool(cloud(), await newKeys(), { token: await drsToken(), version: '2.0', attributes: {} });
    const makerObject = await findDevice(cloud(), maker.deviceId);
    await manager.update(HelloKey, { blobHash: registeredKid }, { objectId: makerObject.objectId });
    expect((await ask(helloAssertion(key, await inner()))).status).toBe(200);
    const change = { random: cloud().context.random, at: new Date(), correlationId: lab.tenant.id };
    await setDeviceEnabled(manager, makerObject, false, change);
    expect(await codeOf(helloAssertion(key, await inner()))).toEqual([130007]);
    await manager.update(EntraDevice, { objectId: makerObject.objectId }, { state: 'deleted' });
    expect(await codeOf(helloAssertion(key, await inner()))).toEqual([130008]);
  });
});

describe('pytune', () => {
  it('02 17 joins a pre-created device by its ticket, and gets enrolment tokens for device and user', async () => {
    const pc = await registeredMachine(cloud(), lab);
    const token = text(
      members(await postFields(cloud(), '/common/oauth2/token', password({ client_id: BROKER, resource: DRS_URN }))).access_token,
    );
    expect(claims(token).aud).toBe(DRS_URN);
    const ticket = Buffer.from(await mintTicket(cloud(), pc)).toString('base64');
    const device = await joinWithTool(cloud(), await newKeys(), {
      token,
      version: '2.0',
      attributes: { attributes: { ReuseDevice: 'true', ReturnClientSid: 'true', 'MSA-DDID': ticket } },
    });
    expect(device.deviceId).toBe(pc.deviceId);
    const metadata = members(await cloud().request(`${STS}/${lab.domain}/.well-known/openid-configuration`));
    const tenantId = text(metadata.token_endpoint).split('/')[3] ?? '';
    expect(tenantId).toBe(lab.tenant.id);
    const fixed = '645064ee-9b6e-43db-9d46-fe81a65cfdea';
    const payload = {
      client_id: WINDOWS_SIGN_IN,
      request_nonce: await srvChallenge(cloud(), fixed),
      scope: 'openid aza ugs',
      ...password({}),
    };
    const of = prtOf(
      device,
      await postFields(cloud(), `/${tenantId}/oauth2/token`, signed(deviceJws(device, payload, { x5c: 'string' }), { client_info: '1' })),
    );
    for (const [clientId, resource, redirect] of [
      [BROKER, ENROLLMENT, 'ms-appx-web://Microsoft.AAD.BrokerPlugin/DRS'],
      [
        '9ba1a5c7-f17a-4de9-a1f1-6178c8d51223',
        'https://graph.microsoft.com',
        'ms-appx-web://Microsoft.AAD.BrokerPlugin/9ba1a5c7-f17a-4de9-a1f1-6178c8d51223',
      ],
      [BROKER, ENROLLMENT, 'ms-aadj-redir://auth/mdm'],
    ] as const) {
      const request = {
        client_id: clientId,
        resource,
        scope: 'openid',
        redirect_uri: redirect,
        grant_type: 'refresh_token',
        refresh_token: of.token,
        request_nonce: await srvChallenge(cloud(), fixed),
      };
      const access = text(
        openSessionAnswer(of, await postFields(cloud(), '/common/oauth2/token', signed(sessionJws(of, request)))).access_token,
      );
      expect(claims(access)).toMatchObject({ upn: lab.user.upn, deviceid: pc.deviceId, oid: lab.user.id });
      expect(await verifiesWithKeySet(cloud(), access)).toBe(true);
    }
    const userless = {
      resource: ENROLLMENT,
      client_id: BROKER,
      request_nonce: await srvChallenge(cloud(), fixed),
      win_ver: '10.0.19041.868',
      grant_type: 'device_token',
      scope: 'sid',
      redirect_uri: 'ms-aadj-redir://auth/mdm',
      iss: 'aad:brokerplugin',
    };
    const answer = members(await postFields(cloud(), `/${tenantId}/oauth2/token`, signed(deviceJws(device, userless, { x5c: 'string' }))));
    expect(claims(answer.access_token)).toMatchObject({ deviceid: pc.deviceId, ztdid: pc.ztdId, idtyp: 'device' });
    expect((await remove(device)).status).toBe(403);
  });
});

describe('AADInternals', () => {
  const attributes = { Attributes: { ReuseDevice: 'True', ReturnClientSid: 'True', SharedDevice: 'False' } };
  const joined = async (): Promise<ToolDevice> => {
    const token = text(
      members(await postFields(cloud(), '/common/oauth2/token', password({ client_id: POWERSHELL, resource: DRS_GUID }))).access_token,
    );
    expect(claims(token).aud).toBe(DRS_GUID);
    return joinWithTool(cloud(), await newKeys(), { token, version: '1.0', attributes });
  };
  const plain = { x5c: 'string', alphabet: 'standard' } as const;

  it('02 17 joins by device code, reads .2 .3 .5 of its certificate, and removes itself', async () => {
    const begun = members(
      await postFields(cloud(), '/common/oauth2/devicecode?api-version=1.0', { client_id: POWERSHELL, resource: DRS_GUID }),
    );
    const polled = await postFields(cloud(), '/Common/oauth2/token?api-version=1.0%20', {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      client_id: POWERSHELL,
      code: begun.device_code,
      resource: DRS_GUID,
    });
    expect(members(polled).error).toBe('authorization_pending');
    const device = await joined();
    const der = Buffer.from(device.certificate, 'base64').toString('hex');
    const guid = (number: string): string => {
      const at = der.indexOf(`060b2a864886f7140105821c${number}`);
      const hex = der.slice(at + 36, at + 68);
      return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16)]
        .map((part) => Buffer.from(part, 'hex').reverse().toString('hex'))
        .join('-');
    };
    expect([guid('02'), guid('03'), guid('05')]).toEqual(
      [device.deviceId, lab.user.id, lab.tenant.id].map((id) => id.split('-').slice(0, 3).join('-')),
    );
    const answer = await remove(device, '?api-version=1.0');
    expect(object(members(answer).AttestationResult).KeyId).toMatch(/^[0-9a-f-]{36}$/);
    expect(text(members(await remove(device)).Message)).not.toBe('');
  });

  it('02 17 signs with the standard alphabet: PRT, tokens with the device’s claim, a browser by header', async () => {
    const device = await joined();
    const nonce = () => srvChallenge(cloud(), lab.tenant.id, '');
    const prtPayload = {
      client_id: WINDOWS_SIGN_IN,
      request_nonce: await nonce(),
      scope: 'openid aza ugs',
      group_sids: [],
      win_ver: '10.0.19041.868',
      ...password({}),
    };
    const request = deviceJws(device, prtPayload, plain);
    const body = `windows_api_version=2.0&grant_type=${JWT_BEARER}&request=${request}&client_info=1&tgt=true`;
    const of = prtOf(device, await postForm(cloud(), `/${lab.tenant.id}/oauth2/token`, body));

    const { refresh_token } = members(
      await postFields(cloud(), '/common/oauth2/token', password({ client_id: BROKER, resource: POWERSHELL })),
    );
    const claim = {
      resource: ENROLLMENT,
      client_id: BROKER,
      request_nonce: await nonce(),
      scope: 'openid aza',
      win_ver: '10.0.17763.529',
      grant_type: 'refresh_token',
      redirect_uri: 'ms-appx-web://Microsoft.AAD.BrokerPlugin/DRS',
      iss: 'aad:brokerplugin',
      refresh_token,
    };
    const withClaim = members(
      await postForm(cloud(), '/common/oauth2/token', form(signed(deviceJws(device, claim, plain), { windows_api_version: '2.0' }))),
    );
    expect(claims(withClaim.access_token)).toMatchObject({
      deviceid: device.deviceId,
      aud: ENROLLMENT,
      tid: lab.tenant.id,
      upn: lab.user.upn,
    });
    expect(withClaim.refresh_token).toEqual(expect.any(String));

    const query = form({ resource: POWERSHELL, client_id: POWERSHELL, response_type: 'code', redirect_uri: NATIVE });
    const credential = sessionJws(of, { refresh_token: of.token, is_primary: 'true', request_nonce: await nonce() });
    const opened = await cloud().request(`${STS}/Common/oauth2/authorize?${query}`, {
      headers: { 'x-ms-RefreshTokenCredential': credential },
    });
    expect([opened.status, text(opened.headers.location)]).toEqual([302, expect.stringContaining('code=')]);
  });

  it('02 17 gets a P2P certificate whose subject begins with the device', async () => {
    const device = await joined();
    const payload = {
      client_id: WINDOWS_SIGN_IN,
      request_nonce: await srvChallenge(cloud()),
      win_ver: '10.0.18363.0',
      grant_type: 'device_auth',
      cert_token_use: 'device_cert',
      csr_type: 'http://schemas.microsoft.com/windows/pki/2009/01/enrollment#PKCS10',
      csr: (await csrOf(device.keys.device, device.deviceId)).toString('base64'),
      netbios_name: 'JOECOOL',
      dns_names: ['joecool.example'],
    };
    const { x5c, x5c_ca } = members(await postFields(cloud(), `/${lab.tenant.id}/oauth2/token`, signed(deviceJws(device, payload, plain))));
    const [leaf, issuer] = [x5c, x5c_ca].map((der) => new X509Certificate(Buffer.from(text(der), 'base64')));
    expect(leaf?.subject).toContain(`CN=${device.deviceId}`);
    expect(leaf?.issuer).toMatch(/MS-Organization-P2P-Access \[\d{4}\]/);
    expect(issuer && leaf?.verify(issuer.publicKey)).toBe(true);
  });

  it('02 8.4 makes a bulk package, whose token joins devices', async () => {
    const token = async (who: DirectoryUser) =>
      text(
        members(
          await postFields(cloud(), '/common/oauth2/token', {
            grant_type: 'password',
            username: who.upn,
            password: lab.password,
            client_id: BROKER,
            resource: DRS_URN,
          }),
        ).access_token,
      );
    const packageId = '5f3b8c21-7d0e-4a96-b2c8-1e40d97fa635';
    const inThirtyDays = new Date(Date.now() + 30 * 86_400_000);
    const exp = `${inThirtyDays.getUTCMonth() + 1}/${inThirtyDays.getUTCDate()}/${inThirtyDays.getUTCFullYear()}`;
    const begin = (bearer: string, body: Members) =>
      cloud().request(`${STS}/webapp/bulkaadjtoken/begin`, {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const poll = (flowToken: unknown) => cloud().request(`${STS}/webapp/bulkaadjtoken/poll?${form({ flowToken })}`);
    const admin = await token(lab.admin);
    const begun = await begin(admin, { pid: packageId, name: 'pkg', exp });
    expect(begun.status).toBe(200);
    const { state, resultData } = members(await poll(members(begun).flowToken));
    expect(state).toBe('CompleteSuccess');
    const { refresh_token, id_token } = JSON.parse(text(resultData)) as Members;
    const upn = `package_${packageId}@${lab.domain}`;
    expect(claims(id_token).upn).toBe(upn);
    const redeemed = members(
      await postFields(cloud(), '/common/oauth2/token', {
        grant_type: 'refresh_token',
        client_id: 'b90d5b8f-5503-4153-b545-b31cecfaece2',
        resource: DRS_URN,
        refresh_token,
      }),
    );
    const device = await joinWithTool(cloud(), await newKeys(), { token: text(redeemed.access_token), version: '1.0', attributes });
    expect(await findDevice(cloud(), device.deviceId)).toMatchObject({ state: 'joined_user' });
    const { manager } = cloud().context.dataSource;
    expect(await manager.countBy(DirectoryUser, { tenantId: lab.tenant.id, upn })).toBe(1);
    // The same package once more is the same user.
    expect((await begin(admin, { pid: packageId, name: 'pkg', exp })).status).toBe(200);
    expect(await manager.countBy(DirectoryUser, { tenantId: lab.tenant.id, upn })).toBe(1);
    expect(members(await begin(await token(lab.user), { pid: packageId, name: 'pkg', exp })).error_codes).toEqual([240001]);
    expect(members(await begin('nonsense', { pid: packageId, name: 'pkg', exp })).error_codes).toEqual([240002]);
    for (const body of [
      { pid: 'x', name: 'pkg', exp },
      { pid: packageId, name: 'pkg', exp: '1/1/2020' },
      { pid: packageId, name: 'pkg', exp: '1/1/2090' },
    ])
      expect(members(await begin(admin, body)).error_codes).toEqual([90023]);
    expect(members(await poll('nothing')).state).toBe('CompleteError');
  });
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
});
