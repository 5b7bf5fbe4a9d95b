import { beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPair } from '@greenscreen/crypto/keys';
import { EntraDevice, HelloKey, setDeviceEnabled } from '@greenscreen/model/directory';
import { createHash } from 'node:crypto';
import { type TestResponse, useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { BROKER, claims, DRS_URN, ENROLLMENT, JWT_BEARER, members, type Members, STS, text, WINDOWS_SIGN_IN } from '../sts/support.js';
import { hybridBody, putHybrid, synchronizedComputer } from './hybrid-join.support.js';
import {
  approveDeviceCode,
  deviceJws,
  form,
  helloAssertion,
  joinWithTool,
  NATIVE,
  openSessionAnswer,
  passwordOf,
  postFields,
  prtOf,
  removeWithTool,
  sessionJws,
  signedFields,
  srvChallenge,
  toolDevice,
  type ToolDevice,
  type ToolPrt,
} from './public-clients.support.js';
import { DRS, entra, findDevice, keyBlob, newKeys, userToken } from './support.js';

const cloud = useCloud(...entra);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
});

describe('roadtx', () => {
  const drsToken = async (): Promise<string> =>
    text(
      members(await postFields(cloud(), '/common/oauth2/token', passwordOf(lab, { client_id: BROKER, resource: DRS_URN }))).access_token,
    );
  const prt = async (device: ToolDevice, more: Members): Promise<ToolPrt> => {
    const payload = { request_nonce: await srvChallenge(cloud()), scope: 'openid aza ugs', win_ver: '10.0.19041.868', ...more };
    const request = deviceJws(device, payload, { x5c: 'string', header: { kdf_ver: 2 } });
    return prtOf(device, await postFields(cloud(), '/common/oauth2/token', signedFields(request, { tgt: 'True', client_info: '1' })));
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
    return postFields(cloud(), '/common/oauth2/token', signedFields(sessionJws(of, request, { kdf }), { tgt: 'True', client_info: '1' }));
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

    const byPassword = await prt(device, { client_id: WINDOWS_SIGN_IN, ...passwordOf(lab) });
    const { refresh_token } = members(
      await postFields(cloud(), '/common/oauth2/token', passwordOf(lab, { client_id: BROKER, resource: DRS_URN })),
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
    const gone = await removeWithTool(cloud(), device);
    expect([gone.status, Object.keys(members(gone))]).toEqual([200, ['AttestationResult']]);
    expect(members(await use(again, { resource: ENROLLMENT })).error_codes).toEqual([50155]);
  });

  it('02 17 signs a browser in with the PRT cookie, asking for its nonce first', async () => {
    const device = await joinWithTool(cloud(), await newKeys(), { token: await drsToken(), version: '2.0', attributes: {} });
    const of = await prt(device, { client_id: WINDOWS_SIGN_IN, ...passwordOf(lab) });
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
      return postFields(cloud(), '/common/oauth2/token', signedFields(deviceJws(device, payload, { x5c: 'string' }), { client_info: '1' }));
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

  it('02 17 signs in with a device code, and asks for a token of the device itself', async () => {
    const begun = members(await postFields(cloud(), '/common/oauth2/devicecode', { client_id: BROKER, resource: DRS_URN }));
    expect(begun).toMatchObject({
      message: expect.stringContaining(text(begun.user_code)),
      interval: '5',
      device_code: expect.any(String),
    });
    const poll = () =>
      postFields(cloud(), '/common/oauth2/token', {
        client_id: BROKER,
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        code: begun.device_code,
      });
    expect(members(await poll()).error).toBe('authorization_pending');
    await approveDeviceCode(cloud(), lab, text(begun.user_code));
    const token = text(members(await poll()).access_token);
    expect(claims(token)).toMatchObject({ aud: DRS_URN, upn: lab.user.upn });
    const device = await joinWithTool(cloud(), await newKeys(), { token, version: '2.0', attributes: {} });
    const payload = {
      resource: ENROLLMENT,
      client_id: BROKER,
      request_nonce: await srvChallenge(cloud()),
      win_ver: '10.0.19041.868',
      grant_type: 'device_token',
      scope: 'sid',
      redirect_uri: `ms-appx-web://Microsoft.AAD.BrokerPlugin/${BROKER}`,
      iss: 'aad:brokerplugin',
    };
    const answer = members(await postFields(cloud(), '/common/oauth2/token', signedFields(deviceJws(device, payload, { x5c: 'string' }))));
    expect(claims(answer.access_token)).toMatchObject({ aud: ENROLLMENT, deviceid: device.deviceId, idtyp: 'device' });
    expect(answer).not.toHaveProperty('refresh_token');
  });

  it('02 17 joins a synchronised computer by PUT, and gets a PRT with it', async () => {
    const computer = await synchronizedComputer(cloud(), lab);
    const answer = await putHybrid(cloud(), computer.device.deviceId, await hybridBody(lab, computer));
    const device = toolDevice(computer.keys, answer);
    expect(device.deviceId).toBe(computer.device.deviceId);
    const of = await prt(device, { client_id: WINDOWS_SIGN_IN, ...passwordOf(lab) });
    expect(claims(openSessionAnswer(of, await use(of, { resource: DRS_URN })).access_token)).toMatchObject({ deviceid: device.deviceId });
    expect((await removeWithTool(cloud(), device)).status).toBe(200);
  });
});
