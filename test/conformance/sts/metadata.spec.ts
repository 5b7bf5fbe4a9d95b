import { beforeAll, describe, expect, it } from '@jest/globals';
import { verifyAccessToken } from '@greenscreen/host/identity';
import { verifyJwt } from '@greenscreen/crypto/jose';
import { TenantDomain } from '@greenscreen/model/tenancy';
import { sts } from '@greenscreen/sts';
import { createHash, createPublicKey } from 'node:crypto';
import { useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { DRS_URN, header, members, type Members, passwordForm, post, STS, text } from './support.js';

const cloud = useCloud(sts);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
});
const get = (path: string) => cloud().request(`${STS}${path}`);

describe('metadata', () => {
  it('02-1 openid configuration names the tenant by its id, common keeps the template', async () => {
    const named = await get(`/${lab.domain}/.well-known/openid-configuration`);
    expect(named.status).toBe(200);
    expect(text(members(named).token_endpoint).split('/')[3]).toBe(lab.tenant.id);
    expect(members(named)).toMatchObject({
      issuer: `https://sts.windows.net/${lab.tenant.id}/`,
      capabilities: ['kdf_ver2'],
      tenant_region_scope: 'EU',
    });
    expect(members(await get('/COMMON/.well-known/openid-configuration')).issuer).toBe('https://sts.windows.net/{tenantid}/');
    const v2 = members(await get(`/${lab.tenant.id}/v2.0/.well-known/openid-configuration`));
    expect(v2).toMatchObject({
      issuer: `${STS}/${lab.tenant.id}/v2.0`,
      device_authorization_endpoint: `${STS}/${lab.tenant.id}/oauth2/v2.0/devicecode`,
    });
  });

  it('02-2 an unknown tenant is 400 with 90002', async () => {
    const response = await get('/nope.example/.well-known/openid-configuration');
    expect(response.status).toBe(400);
    expect(members(response)).toMatchObject({ error: 'invalid_tenant', error_codes: [90002] });
  });

  it('02-3 the published keys verify a fresh access token', async () => {
    const { keys } = members(await get('/common/discovery/keys')) as { keys: Members[] };
    for (const key of keys) {
      const thumbprint = createHash('sha1')
        .update(Buffer.from(text((key.x5c as string[])[0]), 'base64'))
        .digest('base64url');
      expect([key.kid, key.x5t]).toEqual([thumbprint, thumbprint]);
    }
    const [key] = keys;
    const token = text(members(await post(cloud(), '/common/oauth2/token', passwordForm(lab))).access_token);
    expect(header(token)).toEqual({ typ: 'JWT', alg: 'RS256', x5t: key?.x5t, kid: key?.kid });
    const publicKey = createPublicKey({ key: { kty: 'RSA', n: text(key?.n), e: text(key?.e) }, format: 'jwk' });
    await expect(verifyJwt(token, { keyOf: () => publicKey, algorithms: ['RS256'] })).resolves.toMatchObject({ aud: DRS_URN });
    const { authorities, clock } = cloud().context;
    const now = (tenantId: string) => clock.now(tenantId);
    const expected = { authorities, audiences: ['01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9', DRS_URN], now };
    await expect(verifyAccessToken(token, expected)).resolves.toMatchObject({
      kind: 'user',
      upn: lab.user.upn,
      scp: ['self_service_device_delete'],
    });
    const refusals: [object, string][] = [
      [{ audiences: ['https://graph.microsoft.com'] }, 'audience'],
      [{ tenantId: '00000000-0000-0000-0000-000000000001' }, 'tenant'],
      [{ now: new Date(Date.now() + 3_700_000) }, 'expired'],
      [{ now: new Date(Date.now() - 3_700_000) }, 'not_yet_valid'],
    ];
    for (const [change, problem] of refusals)
      await expect(verifyAccessToken(token, { ...expected, ...change })).rejects.toMatchObject({ problem });
    await expect(verifyAccessToken(token.replace(/\.[^.]*\./, '.e30.'), expected)).rejects.toMatchObject({ problem: 'signature' });
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1]}.`;
    await expect(verifyAccessToken(unsigned, expected)).rejects.toMatchObject({ problem: 'algorithm' });
  });

  it('instance discovery and the tenant lookup answer what MSAL and libhimmelblau read', async () => {
    const endpoint = encodeURIComponent(`${STS}/${lab.domain}/oauth2/v2.0/authorize`);
    const discovery = members(await get(`/common/discovery/instance?api-version=1.1&authorization_endpoint=${endpoint}`));
    expect(discovery.tenant_discovery_endpoint).toBe(`${STS}/${lab.domain}/v2.0/.well-known/openid-configuration`);
    const lookup = await cloud().request(`https://odc.officeapps.live.com/odc/v2.1/federationprovider?domain=${lab.domain.toUpperCase()}`);
    expect(lookup.json()).toEqual({
      tenantId: lab.tenant.id,
      authority_host: 'login.microsoftonline.com',
      graph: 'https://graph.microsoft.com',
    });
  });
});

describe('realms', () => {
  it('02-4 user realm 1.0 and 2.1 for managed, unknown and federated domains, in any spelling of the path', async () => {
    const managed = {
      ver: '1.0',
      account_type: 'Managed',
      domain_name: lab.domain,
      cloud_instance_name: 'microsoftonline.com',
      cloud_audience_urn: 'urn:federation:MicrosoftOnline',
    };
    for (const path of [
      `/common/userrealm/${lab.user.upn}?api-version=1.0`,
      `/common/UserRealm/${encodeURIComponent(lab.user.upn)}?api-version=1.0%20`,
    ])
      expect(members(await get(path))).toEqual(managed);
    expect(members(await get('/common/userrealm/x@nobody.example?api-version=1.0'))).toEqual({
      ver: '1.0',
      account_type: 'Unknown',
      cloud_instance_name: 'microsoftonline.com',
    });
    expect(members(await get(`/common/userrealm/${lab.user.upn}?api-version=2.1`))).toMatchObject({
      NameSpaceType: 'Managed',
      DomainName: lab.domain,
      is_dsso_enabled: false,
    });
    expect(members(await get(`/GetUserRealm.srf?login=${lab.user.upn}`))).toMatchObject({ State: 4, NameSpaceType: 'Managed' });
    const federated = `f-${lab.domain}`;
    const federation = {
      authUrl: 'https://sts.example/adfs',
      metadataUrl: 'https://sts.example/mex',
      activeAuthUrl: 'https://sts.example/active',
    };
    await cloud().context.dataSource.manager.insert(TenantDomain, {
      domain: federated,
      tenantId: lab.tenant.id,
      authentication: 'Federated',
      federation,
    });
    expect(members(await get(`/common/userrealm/a@${federated}?api-version=1.0`))).toMatchObject({
      account_type: 'Federated',
      federation_protocol: 'WSTrust',
      federation_active_auth_url: federation.activeAuthUrl,
    });
    expect(members(await get(`/common/userrealm/a@${federated}?api-version=2.1`))).toMatchObject({
      NameSpaceType: 'Federated',
      AuthURL: federation.authUrl,
    });
    expect((await get('/common/userrealm/nobody?api-version=1.0')).status).toBe(400);
  });

  it('02-5 GetCredentialType tells known from unknown users with the types that clients insist on', async () => {
    const ask = async (username: string) =>
      members(
        await cloud().request(`${STS}/common/GetCredentialType`, {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ username, flowToken: 'FT' }),
        }),
      );
    expect(await ask(lab.user.upn)).toMatchObject({
      IfExistsResult: 0,
      ThrottleStatus: 0,
      Credentials: { HasPassword: true, PrefCredential: 1 },
      EstsProperties: { DomainType: 3 },
      FlowToken: 'FT',
    });
    expect((await ask(`nobody@${lab.domain}`)).IfExistsResult).toBe(1);
  });
});
