import { beforeAll, describe, expect, it } from '@jest/globals';
import { decryptSessionKey, decryptSessionResponse, signSessionJws } from '@greenscreen/crypto/jose';
import { sidOfObjectId } from '@greenscreen/crypto/sid';
import { encodeCsr } from '@greenscreen/crypto/pkcs10';
import { spkiOf } from '@greenscreen/crypto/keys';
import { commonName, encodeName } from '@greenscreen/crypto/x509';
import { DeviceCertificate, EntraDevice } from '@greenscreen/model/directory';
import { DirectoryUser } from '@greenscreen/model/tenancy';
import { sts } from '@greenscreen/sts';
import { constants, privateDecrypt, randomBytes, randomUUID, sign, X509Certificate } from 'node:crypto';
import { useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import {
  BROKER,
  claims,
  deviceSigned,
  digestSigner,
  DRS_URN,
  ENROLLMENT,
  joinedDevice,
  type JoinedDevice,
  JWT_BEARER,
  members,
  type Members,
  nonce,
  passwordForm,
  post,
  signedForm,
  STS,
  text,
  WINDOWS_SIGN_IN,
} from './support.js';

const cloud = useCloud(sts);
let lab: TestTenant;
let pc: JoinedDevice;
beforeAll(async () => {
  lab = await newTenant(cloud());
  pc = await joinedDevice(cloud(), lab);
});

const prtPayload = async (more: Members = {}): Promise<Members> => ({
  client_id: WINDOWS_SIGN_IN,
  request_nonce: await nonce(cloud()),
  scope: 'openid aza ugs',
  grant_type: 'password',
  username: lab.user.upn,
  password: lab.password,
  win_ver: '10.0.26100',
  ...more,
});
const send = (request: string, path = '/common/oauth2/token') =>
  post(cloud(), path, signedForm(request, { client_info: '1', tgt: 'True' }));
const prtOf = async (device = pc, more: Members = {}): Promise<{ prt: string; key: Buffer; answer: Members }> => {
  const answer = members(await send(await deviceSigned(device, await prtPayload(more))));
  const unwrap = async (wrapped: Buffer) =>
    privateDecrypt({ key: device.transport.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, wrapped);
  return { prt: text(answer.refresh_token), key: await decryptSessionKey(text(answer.session_key_jwe), unwrap), answer };
};
const session = (key: Buffer, payload: Members, kdfVersion: 1 | 2 = 2) =>
  signSessionJws({ sessionKey: key, ctx: randomBytes(24), kdfVersion, payload: JSON.stringify(payload) });
const usePayload = async (prt: string, more: Members = {}): Promise<Members> => ({
  refresh_token: prt,
  grant_type: 'refresh_token',
  client_id: BROKER,
  resource: ENROLLMENT,
  request_nonce: await nonce(cloud()),
  iss: 'aad:brokerplugin',
  iat: '1700000000',
  exp: '1700003600',
  ...more,
});

describe('PRT', () => {
  it('02-15 takes x5c as text or array, both alphabets, and an unencoded body without Content-Type', async () => {
    const certificate = pc.certificate.toString('base64');
    expect((await send(await deviceSigned(pc, await prtPayload()))).status).toBe(200);
    expect((await send(await deviceSigned(pc, await prtPayload(), [certificate]))).status).toBe(200);
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64').replace(/=+$/, '');
    const input = `${part({ alg: 'RS256', typ: 'JWT', x5c: certificate })}.${part(await prtPayload({ win_ver: 'ÿþ?>~~ÿÿÿ' }))}`;
    expect(input).toMatch(/[+/]/);
    const jws = `${input}.${sign('sha256', Buffer.from(input), pc.keys.privateKey).toString('base64url')}`;
    expect((await send(jws)).status).toBe(200);
    const raw = await cloud().request(`${STS}/common/oauth2/token`, {
      method: 'POST',
      body: `windows_api_version=2.0&grant_type=${JWT_BEARER}&request=${jws}&client_info=1`,
    });
    expect(raw.status).toBe(200);
  });

  it('02-15 refuses a missing, unknown or old nonce', async () => {
    for (const request_nonce of [undefined, 'invented'])
      expect(members(await send(await deviceSigned(pc, await prtPayload({ request_nonce }))))).toMatchObject({
        error: 'invalid_grant',
        error_codes: [140000],
      });
    const own = await newTenant(cloud());
    const device = await joinedDevice(cloud(), own);
    const request = await deviceSigned(
      device,
      await prtPayload({ username: own.user.upn, request_nonce: await nonce(cloud(), own.domain) }),
    );
    expect((await send(request)).status).toBe(200);
    await cloud().context.clock.advance(own.tenant.id, 6 * 60_000);
    expect(members(await send(request))).toMatchObject({ error_codes: [140000] });
  });

  it('02-16 answers with the types, the unsigned ID token and the session key that clients read', async () => {
    const { answer, key } = await prtOf();
    expect([answer.expires_in, answer.ext_expires_in, typeof answer.expires_on, answer.refresh_token_expires_in]).toEqual([
      '1209599',
      '0',
      'string',
      1209599,
    ]);
    expect(answer).toMatchObject({ token_type: 'Bearer', device_tenant_id: lab.tenant.id });
    expect(Object.keys(answer).filter((name) => name.startsWith('tgt_'))).toEqual([]);
    expect(text(answer.id_token).endsWith('.')).toBe(true);
    expect(claims(answer.id_token)).toMatchObject({
      aud: WINDOWS_SIGN_IN,
      upn: lab.user.upn,
      preferred_username: lab.user.upn,
      primary_sid: sidOfObjectId(lab.user.id),
      oid: lab.user.id,
      tid: lab.tenant.id,
      name: lab.user.displayName,
    });
    expect(JSON.parse(Buffer.from(text(answer.client_info), 'base64url').toString())).toEqual({ uid: lab.user.id, utid: lab.tenant.id });
    expect(key).toHaveLength(32);
    const device = await cloud().context.dataSource.manager.findOneByOrFail(EntraDevice, { objectId: pc.device.objectId });
    expect(device.approximateLastSignInDateTime).not.toBeNull();
  });

  it('02-17 a PRT gives tokens with the device, under both key derivations; renewal keeps the session key', async () => {
    const { prt, key } = await prtOf();
    for (const version of [1, 2] as const) {
      const response = await send(session(key, await usePayload(prt), version));
      expect([response.status, response.headers['content-type']]).toEqual([200, 'application/jose']);
      expect(
        response
          .text()
          .split('.')
          .map((piece) => piece === ''),
      ).toEqual([false, true, false, false, true]);
      const answer = JSON.parse(decryptSessionResponse(key, response.text())) as Members;
      expect(claims(answer.access_token)).toMatchObject({
        aud: ENROLLMENT,
        scp: 'mdm_delegation',
        deviceid: pc.device.deviceId,
        upn: lab.user.upn,
        amr: ['pwd', 'rsa'],
      });
      expect(typeof answer.expires_on).toBe('string');
    }
    const noResource = JSON.parse(
      decryptSessionResponse(key, (await send(session(key, await usePayload(prt, { resource: undefined, scope: 'openid' })))).text()),
    ) as Members;
    expect([typeof noResource.id_token, typeof noResource.refresh_token, noResource.access_token]).toEqual(['string', 'string', undefined]);
    const renewal = await usePayload('', {
      refresh_token: undefined,
      previous_refresh_token: prt,
      client_id: WINDOWS_SIGN_IN,
      resource: undefined,
      scope: 'openid aza',
    });
    const renewed = JSON.parse(decryptSessionResponse(key, (await send(session(key, renewal))).text())) as Members;
    expect(renewed).not.toHaveProperty('session_key_jwe');
    expect(renewed.refresh_token_expires_in).toBe(1209599);
    expect((await send(session(key, await usePayload(text(renewed.refresh_token))))).status).toBe(200);
  });

  it("refuses a request under another session key, a plain refresh token in a PRT's place and the other way round", async () => {
    const { prt, key } = await prtOf();
    expect(members(await send(session(randomBytes(32), await usePayload(prt)))).error_codes).toEqual([900384]);
    const plain = text(members(await post(cloud(), '/common/oauth2/token', passwordForm(lab))).refresh_token);
    expect(members(await send(session(key, await usePayload(plain)))).error_codes).toEqual([70000]);
    const form = { grant_type: 'refresh_token', client_id: BROKER, refresh_token: prt, resource: DRS_URN };
    expect(members(await post(cloud(), '/common/oauth2/token', form)).error_codes).toEqual([70000]);
  });

  it('02-18 a disabled device is 135011, a deleted one 50155, one without transport key 130006', async () => {
    const { manager } = cloud().context.dataSource;
    const device = await joinedDevice(cloud(), lab);
    const { prt, key } = await prtOf(device);
    const both = async () => [
      members(await send(await deviceSigned(device, await prtPayload()))).error_codes,
      members(await send(session(key, await usePayload(prt)))).error_codes,
    ];
    await manager.update(EntraDevice, { objectId: device.device.objectId }, { accountEnabled: false });
    expect(await both()).toEqual([[135011], [135011]]);
    await manager.update(EntraDevice, { objectId: device.device.objectId }, { accountEnabled: true, transportKeySpki: null });
    expect(members(await send(await deviceSigned(device, await prtPayload()))).error_codes).toEqual([130006]);
    await manager.update(EntraDevice, { objectId: device.device.objectId }, { state: 'deleted' });
    expect(await both()).toEqual([[50155], [50155]]);
  });

  it('a replaced certificate proves nothing any more, and a disabled user gets nothing', async () => {
    const { manager } = cloud().context.dataSource;
    const own = await newTenant(cloud());
    const device = await joinedDevice(cloud(), own);
    const { prt, key } = await prtOf(device, { username: own.user.upn });
    await manager.update(DirectoryUser, { id: own.user.id }, { accountEnabled: false });
    expect(members(await send(session(key, await usePayload(prt)))).error_codes).toEqual([50057]);
    await manager.update(DeviceCertificate, { objectId: device.device.objectId }, { replacedAt: new Date() });
    expect(members(await send(session(key, await usePayload(prt)))).error_codes).toEqual([50155]);
    expect(members(await send(await deviceSigned(device, await prtPayload({ username: own.user.upn })))).error_codes).toEqual([50155]);
  });

  it('refuses damaged requests: no JWS, foreign certificate, wrong signature, wrong tenant, wrong password', async () => {
    expect(members(await send('nonsense')).error_codes).toEqual([50027]);
    const other = await joinedDevice(cloud(), await newTenant(cloud()));
    expect(members(await send(await deviceSigned({ ...other, certificate: pc.certificate }, await prtPayload()))).error_codes).toEqual([
      900384,
    ]);
    expect(members(await send(await deviceSigned(other, await prtPayload()), `/${lab.domain}/oauth2/token`)).error_codes).toEqual([50155]);
    const selfSigned = await cloud().context.authorities.get((await import('@greenscreen/host/authority/definitions')).stsSigning);
    expect(members(await send(await deviceSigned(pc, await prtPayload(), selfSigned.certificate.toString('base64')))).error_codes).toEqual([
      50155,
    ]);
    expect(members(await send(await deviceSigned(pc, await prtPayload({ password: 'wrong' })))).error_codes).toEqual([50126]);
    expect(members(await send(await deviceSigned(pc, await prtPayload({ scope: 'openid' })))).error_codes).toEqual([90014]);
    expect(
      members(await post(cloud(), '/common/oauth2/token', { grant_type: JWT_BEARER, request: 'x.y.z', prt_protocol_version: '4.0' }))
        .error_codes,
    ).toEqual([90023]);
  });

  it('02 8.2 a device-signed refresh token gives an access token with the device; with aza a PRT too', async () => {
    const refresh = text(members(await post(cloud(), '/common/oauth2/token', passwordForm(lab))).refresh_token);
    const payload = await prtPayload({
      grant_type: 'refresh_token',
      refresh_token: refresh,
      client_id: BROKER,
      resource: DRS_URN,
      scope: 'openid',
      username: undefined,
      password: undefined,
    });
    const plain = members(await post(cloud(), `/${lab.tenant.id}/oauth2/token`, signedForm(await deviceSigned(pc, payload))));
    expect(claims(plain.access_token)).toMatchObject({ deviceid: pc.device.deviceId, aud: DRS_URN, amr: ['pwd', 'rsa'] });
    expect(plain).not.toHaveProperty('session_key_jwe');
    const both = members(await send(await deviceSigned(pc, { ...payload, scope: 'openid aza' })));
    expect([typeof both.access_token, typeof both.session_key_jwe, both.refresh_token_expires_in]).toEqual(['string', 'string', 1209599]);
  });
});

describe('device tokens', () => {
  const deviceToken = async (device: JoinedDevice, more: Members = {}) =>
    send(
      await deviceSigned(device, {
        resource: ENROLLMENT,
        client_id: BROKER,
        request_nonce: await nonce(cloud()),
        win_ver: '10.0',
        grant_type: 'device_token',
        scope: 'sid',
        redirect_uri: 'ms-aadj-redir://auth/mdm',
        iss: 'aad:brokerplugin',
        ...more,
      }),
    );

  it('02-19 a device signs for a token of its own: no user, no scp, ztdid of an Autopilot object', async () => {
    const ztdId = randomUUID();
    const device = await joinedDevice(cloud(), lab, [`[ZTDID]:${ztdId}`]);
    const response = await deviceToken(device);
    const answer = members(response);
    expect(answer).not.toHaveProperty('refresh_token');
    expect(claims(answer.access_token)).toMatchObject({
      aud: ENROLLMENT,
      idtyp: 'device',
      amr: ['rsa'],
      deviceid: device.device.deviceId,
      sub: device.device.deviceId,
      oid: device.device.objectId,
      tid: lab.tenant.id,
      ztdid: ztdId,
      ver: '1.0',
    });
    for (const name of ['upn', 'scp', 'unique_name']) expect(claims(answer.access_token)).not.toHaveProperty(name);
    expect(claims(members(await deviceToken(pc)).access_token)).not.toHaveProperty('ztdid');
    expect(members(await deviceToken(pc, { resource: 'https://graph.microsoft.com' })).error_codes).toEqual([221000]);
  });

  it('02-20 a P2P certificate for the device, and one for its user', async () => {
    const csr = (
      await encodeCsr({ subject: encodeName(commonName('')), spki: spkiOf(pc.keys.publicKey) }, digestSigner(pc.keys.privateKey))
    ).toString('base64');
    const csr_type = 'http://schemas.microsoft.com/windows/pki/2009/01/enrollment#PKCS10';
    const payload = {
      client_id: WINDOWS_SIGN_IN,
      request_nonce: await nonce(cloud()),
      grant_type: 'device_auth',
      cert_token_use: 'device_cert',
      csr_type,
      csr,
      netbios_name: 'LAB',
      dns_names: ['lab.example'],
    };
    const answer = members(await send(await deviceSigned(pc, payload)));
    const [leaf, ca] = [answer.x5c, answer.x5c_ca].map((der) => new X509Certificate(Buffer.from(text(der), 'base64')));
    expect(leaf?.subject).toContain(`CN=${pc.device.deviceId}`);
    expect(leaf?.subject?.split('\n').at(-1)).toBe(`CN=${pc.device.deviceId}`);
    expect(leaf?.subjectAltName).toBe('DNS:lab.example');
    expect(ca?.subject).toMatch(/^CN=MS-Organization-P2P-Access \[\d{4}\]$/);
    expect(ca && leaf?.verify(ca.publicKey)).toBe(true);
    const { prt, key } = await prtOf();
    const user = members(
      await send(
        session(
          key,
          { ...payload, grant_type: 'refresh_token', refresh_token: prt, cert_token_use: 'user_cert', request_nonce: await nonce(cloud()) },
          1,
        ),
      ),
    );
    const subject = new X509Certificate(Buffer.from(text(user.x5c), 'base64')).subject;
    expect(subject?.split('\n')).toEqual([`DC=${lab.tenant.id}`, `CN=${sidOfObjectId(lab.user.id)}`, `CN=${lab.user.upn}`]);
    expect(members(await send(await deviceSigned(pc, { ...payload, csr: 'AAAA' }))).error_codes).toEqual([90023]);
  });
});

describe('single sign-on', () => {
  const query = new URLSearchParams({
    client_id: BROKER,
    redirect_uri: 'msauth://Microsoft.AAD.BrokerPlugin',
    response_type: 'code',
    resource: DRS_URN,
  }).toString();
  const authorize = (headers: Record<string, string>, more = '') =>
    cloud().request(`${STS}/Common/oauth2/authorize?${query}${more}`, { headers });

  it('02-13 an invalid PRT credential is ignored, a stale nonce asks for a new one, a valid one signs in', async () => {
    const { prt, key } = await prtOf();
    expect((await authorize({ cookie: 'x-ms-RefreshTokenCredential=nonsense' })).status).toBe(200);
    expect((await authorize({ cookie: `x-ms-RefreshTokenCredential=${session(randomBytes(32), { refresh_token: prt })}` })).status).toBe(
      200,
    );
    const stale = await authorize({
      'x-ms-RefreshTokenCredential': session(key, { refresh_token: prt, is_primary: 'true', iat: 1700000000 }),
    });
    expect(stale.status).toBe(302);
    const back = new URL(text(stale.headers.location));
    expect(back.pathname).toBe('/Common/oauth2/authorize');
    const request_nonce = back.searchParams.get('sso_nonce') ?? '';
    const credential = session(key, { refresh_token: prt, is_primary: 'true', request_nonce });
    for (const headers of [{ 'x-ms-RefreshTokenCredential': credential }, { cookie: `a=b; x-ms-RefreshTokenCredential1=${credential}` }]) {
      const signed = await authorize(headers, `&sso_nonce=${request_nonce}`);
      expect(signed.status).toBe(302);
      const anchor = /<a href="([^"]+)"/.exec(signed.text())?.[1]?.replaceAll('&amp;', '&') ?? '';
      expect(anchor).toMatch(/^msauth:\/\/Microsoft\.AAD\.BrokerPlugin\?code=/);
      expect(anchor).toBe(signed.headers.location);
      const form = {
        grant_type: 'authorization_code',
        client_id: BROKER,
        code: new URLSearchParams(anchor.split('?')[1]).get('code') ?? '',
        redirect_uri: 'msauth://Microsoft.AAD.BrokerPlugin',
      };
      expect(claims(members(await post(cloud(), '/common/oauth2/token', form)).access_token)).toMatchObject({
        deviceid: pc.device.deviceId,
        upn: lab.user.upn,
      });
    }
  });

  it('a device credential makes the sign-in device-authenticated', async () => {
    const credential = await deviceSigned(pc, { grant_type: 'device_auth', iss: 'aad:brokerplugin', request_nonce: await nonce(cloud()) });
    const page = (await authorize({ 'x-ms-DeviceCredential': credential })).text();
    const flowToken = /"sFT":"([^"]+)"/.exec(page)?.[1] ?? '';
    const answered = await post(cloud(), '/common/login', { flowToken, login: lab.user.upn, passwd: lab.password });
    const code = new URLSearchParams(text(answered.headers.location).split('?')[1]).get('code') ?? '';
    const form = { grant_type: 'authorization_code', client_id: BROKER, code, redirect_uri: 'msauth://Microsoft.AAD.BrokerPlugin' };
    expect(claims(members(await post(cloud(), '/common/oauth2/token', form)).access_token)).toMatchObject({
      deviceid: pc.device.deviceId,
      amr: ['pwd', 'rsa'],
    });
  });
});
