import { beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPair } from '@greenscreen/crypto/keys';
import { DirectoryUser } from '@greenscreen/model/tenancy';
import { X509Certificate } from 'node:crypto';
import { useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { BROKER, claims, DRS_URN, ENROLLMENT, JWT_BEARER, members, type Members, STS, text, WINDOWS_SIGN_IN } from '../sts/support.js';
import { hybridBody, putHybrid, synchronizedComputer } from './hybrid-join.support.js';
import {
  deviceJws,
  DRS_GUID,
  form,
  helloAssertion,
  joinWithTool,
  NATIVE,
  passwordOf,
  postFields,
  postForm,
  prtOf,
  removeWithTool,
  sessionJws,
  signedFields,
  srvChallenge,
  toolDevice,
  type ToolDevice,
  type ToolPrt,
} from './public-clients.support.js';
import { csrOf, DRS, entra, findDevice, keyBlob, newKeys, object, userToken } from './support.js';

const cloud = useCloud(...entra);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
});

const POWERSHELL = '1b730954-1685-4b74-9bfd-dac224a7b894';

describe('AADInternals', () => {
  const attributes = { Attributes: { ReuseDevice: 'True', ReturnClientSid: 'True', SharedDevice: 'False' } };
  const joined = async (): Promise<ToolDevice> => {
    const token = text(
      members(await postFields(cloud(), '/common/oauth2/token', passwordOf(lab, { client_id: POWERSHELL, resource: DRS_GUID })))
        .access_token,
    );
    expect(claims(token).aud).toBe(DRS_GUID);
    return joinWithTool(cloud(), await newKeys(), { token, version: '1.0', attributes });
  };
  const plain = { x5c: 'string', alphabet: 'standard' } as const;
  const prt = async (device: ToolDevice): Promise<ToolPrt> => {
    const payload = {
      client_id: WINDOWS_SIGN_IN,
      request_nonce: await srvChallenge(cloud(), lab.tenant.id, ''),
      scope: 'openid aza ugs',
      group_sids: [],
      win_ver: '10.0.19041.868',
      ...passwordOf(lab),
    };
    const body = `windows_api_version=2.0&grant_type=${JWT_BEARER}&request=${deviceJws(device, payload, plain)}&client_info=1&tgt=true`;
    return prtOf(device, await postForm(cloud(), `/${lab.tenant.id}/oauth2/token`, body));
  };

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
    const answer = await removeWithTool(cloud(), device, '?api-version=1.0');
    expect(object(members(answer).AttestationResult).KeyId).toMatch(/^[0-9a-f-]{36}$/);
    expect(text(members(await removeWithTool(cloud(), device)).Message)).not.toBe('');
  });

  it('02 17 signs with the standard alphabet: PRT, tokens with the device’s claim, a browser by header', async () => {
    const device = await joined();
    const nonce = () => srvChallenge(cloud(), lab.tenant.id, '');
    const of = await prt(device);

    const { refresh_token } = members(
      await postFields(cloud(), '/common/oauth2/token', passwordOf(lab, { client_id: BROKER, resource: POWERSHELL })),
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
      await postForm(cloud(), '/common/oauth2/token', form(signedFields(deviceJws(device, claim, plain), { windows_api_version: '2.0' }))),
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
    const { x5c, x5c_ca } = members(
      await postFields(cloud(), `/${lab.tenant.id}/oauth2/token`, signedFields(deviceJws(device, payload, plain))),
    );
    const [leaf, issuer] = [x5c, x5c_ca].map((der) => new X509Certificate(Buffer.from(text(der), 'base64')));
    expect(leaf?.subject).toContain(`CN=${device.deviceId}`);
    expect(leaf?.issuer).toMatch(/MS-Organization-P2P-Access \[\d{4}\]/);
    expect(issuer && leaf?.verify(issuer.publicKey)).toBe(true);
  });

  it('02 17 gets a P2P certificate of its user, whose subject begins with the name', async () => {
    const device = await joined();
    const of = await prt(device);
    const payload = {
      client_id: WINDOWS_SIGN_IN,
      iss: 'aad:brokerplugin',
      grant_type: 'refresh_token',
      aud: 'login.microsoftonline.com',
      request_nonce: await srvChallenge(cloud()),
      scope: 'openid aza ugs',
      refresh_token: of.token,
      cert_token_use: 'user_cert',
      csr_type: 'http://schemas.microsoft.com/windows/pki/2009/01/enrollment#PKCS10',
      csr: (await csrOf(device.keys.device, '')).toString('base64'),
    };
    const answer = members(
      await postFields(cloud(), '/common/oauth2/token', signedFields(sessionJws(of, payload), { windows_api_version: '1.0' })),
    );
    const leaf = new X509Certificate(Buffer.from(text(answer.x5c), 'base64'));
    expect(leaf.subject.split('\n').at(-1)).toBe(`CN=${lab.user.upn}`);
    expect(leaf.checkPrivateKey(device.keys.device.privateKey)).toBe(true);
    expect(leaf.verify(new X509Certificate(Buffer.from(text(answer.x5c_ca), 'base64')).publicKey)).toBe(true);
  });

  it('02 17 registers a Windows Hello key and signs in with it, a nonce each for key and device', async () => {
    const device = await joined();
    const key = await generateKeyPair('rsa2048');
    const token = await userToken(cloud(), lab, { deviceid: device.deviceId, amr: ['pwd', 'ngcmfa', 'rsa'] });
    const register = (bearer: string) =>
      cloud().request(`${DRS}/EnrollmentServer/key/?api-version=1.0`, {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer}`, accept: 'application/json', 'content-type': 'application/json' },
        body: JSON.stringify({ kngc: keyBlob(key) }),
      });
    expect(members(await register(token)).kid).toEqual(expect.any(String));
    const weak = await userToken(cloud(), lab, { deviceid: device.deviceId, amr: ['pwd'] });
    expect(text(object(members(await register(weak)).error).message)).not.toBe('');
    const at = Math.floor(Date.now() / 1000);
    const inner = {
      iss: lab.user.upn,
      aud: lab.tenant.id,
      iat: at - 3600,
      exp: at + 3600,
      request_nonce: await srvChallenge(cloud()),
      scope: 'openid aza ugs',
    };
    const payload = {
      client_id: WINDOWS_SIGN_IN,
      request_nonce: await srvChallenge(cloud()),
      scope: 'openid aza ugs',
      group_sids: [],
      win_ver: '10.0.19041.868',
      grant_type: JWT_BEARER,
      username: lab.user.upn,
      assertion: helloAssertion(key, inner, {}, 'padded'),
    };
    const answer = await postFields(
      cloud(),
      `/${lab.tenant.id}/oauth2/token`,
      signedFields(deviceJws(device, payload, plain), { windows_api_version: '2.0', tgt: 'true', client_info: '1' }),
    );
    expect(prtOf(device, answer).sessionKey).toHaveLength(32);
  });

  it('02 17 joins a synchronised computer by PUT, in the first version', async () => {
    const computer = await synchronizedComputer(cloud(), lab);
    const answer = await putHybrid(
      cloud(),
      computer.device.deviceId,
      { ...(await hybridBody(lab, computer)), attributes: undefined, ...attributes },
      '1.0',
    );
    expect(toolDevice(computer.keys, answer).deviceId).toBe(computer.device.deviceId);
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
