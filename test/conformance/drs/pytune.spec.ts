import { beforeAll, describe, expect, it } from '@jest/globals';
import { useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { BROKER, claims, DRS_URN, ENROLLMENT, members, STS, text, WINDOWS_SIGN_IN } from '../sts/support.js';
import { mintTicket, registeredMachine } from '../sts/userless.support.js';
import {
  deviceJws,
  joinWithTool,
  openSessionAnswer,
  passwordOf,
  postFields,
  prtOf,
  removeWithTool,
  sessionJws,
  signedFields,
  srvChallenge,
  verifiesWithKeySet,
} from './public-clients.support.js';
import { entra, newKeys } from './support.js';

const cloud = useCloud(...entra);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
});

describe('pytune', () => {
  it('02 17 joins a pre-created device by its ticket, and gets enrolment tokens for device and user', async () => {
    const pc = await registeredMachine(cloud(), lab);
    const token = text(
      members(await postFields(cloud(), '/common/oauth2/token', passwordOf(lab, { client_id: BROKER, resource: DRS_URN }))).access_token,
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
      ...passwordOf(lab),
    };
    const of = prtOf(
      device,
      await postFields(
        cloud(),
        `/${tenantId}/oauth2/token`,
        signedFields(deviceJws(device, payload, { x5c: 'string' }), { client_info: '1' }),
      ),
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
        openSessionAnswer(of, await postFields(cloud(), '/common/oauth2/token', signedFields(sessionJws(of, request)))).access_token,
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
    const answer = members(
      await postFields(cloud(), `/${tenantId}/oauth2/token`, signedFields(deviceJws(device, userless, { x5c: 'string' }))),
    );
    expect(claims(answer.access_token)).toMatchObject({ deviceid: pc.deviceId, ztdid: pc.ztdId, idtyp: 'device' });
    expect((await removeWithTool(cloud(), device)).status).toBe(403);
  });

  it('02 17 gets a PRT by refresh token, an enrolment token from the v2 endpoint, and deletes its device', async () => {
    const grant = members(await postFields(cloud(), '/common/oauth2/token', passwordOf(lab, { client_id: BROKER, resource: DRS_URN })));
    const device = await joinWithTool(cloud(), await newKeys(), {
      token: text(grant.access_token),
      version: '2.0',
      attributes: { attributes: { ReuseDevice: 'true', ReturnClientSid: 'true' } },
    });
    const payload = {
      client_id: BROKER,
      request_nonce: await srvChallenge(cloud()),
      scope: 'openid aza ugs',
      grant_type: 'refresh_token',
      refresh_token: grant.refresh_token,
    };
    const of = prtOf(
      device,
      await postFields(cloud(), '/common/oauth2/token', signedFields(deviceJws(device, payload, { x5c: 'string' }))),
    );
    const portal = '9ba1a5c7-f17a-4de9-a1f1-6178c8d51223';
    const request = {
      client_id: portal,
      resource: 'https://graph.microsoft.com',
      scope: 'openid',
      grant_type: 'refresh_token',
      refresh_token: of.token,
      request_nonce: await srvChallenge(cloud()),
    };
    const { refresh_token } = openSessionAnswer(
      of,
      await postFields(cloud(), '/common/oauth2/token', signedFields(sessionJws(of, request))),
    );
    const enrolment = members(
      await postFields(cloud(), '/common/oauth2/v2.0/token', {
        client_id: portal,
        grant_type: 'refresh_token',
        refresh_token,
        scope: 'd4ebce55-015a-49b5-a083-c84d1797ae8c/.default openid offline_access profile',
      }),
    );
    expect(claims(enrolment.access_token)).toMatchObject({
      aud: 'd4ebce55-015a-49b5-a083-c84d1797ae8c',
      upn: lab.user.upn,
      deviceid: device.deviceId,
    });
    expect((await removeWithTool(cloud(), device)).status).toBe(200);
  });
});
