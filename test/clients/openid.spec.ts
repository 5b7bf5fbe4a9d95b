import { graph } from '@greenscreen/graph';
import { sts } from '@greenscreen/sts';
import { describe, expect, it } from '@jest/globals';
import { registerApplication } from '../support/application.js';
import { programCertificate } from '../support/program-certificate.js';
import { newTenant } from '../support/tenant.js';
import { useGateway } from './foreign-program.js';

const gateway = useGateway(sts, graph);

describe("Microsoft's authentication library for Node", () => {
  it('signs users in through the page, by device code and by password, renews silently, and applications by secret and certificate', async () => {
    const lab = await newTenant(gateway());
    const certificate = await programCertificate();
    const publicId = await registerApplication(gateway(), lab, { scopes: ['User.Read'] });
    const certifiedId = await registerApplication(gateway(), lab, { certificates: [certificate.der] });
    const seen = await gateway().run('msal.mjs', {
      TENANT: lab.tenant.id,
      USER: lab.user.upn,
      PASSWORD: lab.password,
      PUBLIC: publicId,
      CONFIDENTIAL: lab.clientId,
      SECRET: lab.clientSecret,
      CERTIFIED: certifiedId,
      KEY: certificate.keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      SHA1: certificate.print('sha1'),
      SHA256: certificate.print('sha256'),
    });
    const ofUser = { appid: publicId, upn: lab.user.upn, amr: ['pwd'], idtyp: 'user', appidacr: '0', scp: 'User.Read' };
    const ofCertified = { appid: certifiedId, idtyp: 'app', appidacr: '2', roles: ['Device.Read.All'] };
    expect(seen).toEqual({
      interactive: ofUser,
      account: { username: lab.user.upn, tenantId: lab.tenant.id, home: `${lab.user.id}.${lab.tenant.id}` },
      cached: true,
      renewed: { fresh: true, fromCache: false, ...ofUser },
      deviceCodePage: true,
      deviceCode: ofUser,
      password: ofUser,
      wrongPassword: 'invalid_grant 50126',
      stranger: 'invalid_grant 50034',
      secret: expect.objectContaining({ appid: lab.clientId, idtyp: 'app', appidacr: '1' }),
      wrongSecret: 'invalid_client 7000215',
      certificateSha1: ofCertified,
      certificateSha256: ofCertified,
      strangeCertificate: 'invalid_client 700027',
      elsewhere: 'invalid_request 90002',
    });
  }, 90_000);
});

describe('a certified OpenID Connect library', () => {
  it('discovers the tenant, signs a user in with PKCE, state and nonce, renews, asks after the user, and signs out', async () => {
    const lab = await newTenant(gateway());
    const redirectUris = ['http://localhost/callback'];
    const [confidential, publicId] = [
      await registerApplication(gateway(), lab, { secret: 'open-secret', redirectUris, scopes: ['User.Read'] }),
      await registerApplication(gateway(), lab),
    ];
    const seen = await gateway().run('openid-client.mjs', {
      TENANT: lab.tenant.id,
      USER: lab.user.upn,
      PASSWORD: lab.password,
      CLIENT_ID: confidential,
      CLIENT_SECRET: 'open-secret',
      PUBLIC: publicId,
    });
    expect(seen).toEqual({
      issuer: `https://login.microsoftonline.com/${lab.tenant.id}/v2.0`,
      code: true,
      wrongState: 'OAUTH_INVALID_RESPONSE',
      wrongVerifier: 'invalid_grant',
      idToken: { preferred_username: lab.user.upn, tid: lab.tenant.id, aud: confidential },
      replayed: 'invalid_grant',
      userInfo: { email: lab.user.upn, given_name: lab.user.givenName },
      renewed: true,
      application: 'bearer',
      applicationAsUser: expect.stringMatching(/OAUTH/),
      deviceCode: lab.user.upn,
      signedOut: 'http://localhost:3000/callback?state=s1',
      strangeReturn: 200,
    });
  }, 60_000);
});
