import { beforeAll, describe, expect, it } from '@jest/globals';
import { TenantDomain } from '@greenscreen/model/tenancy';
import { useCloud } from '../../support/cloud.js';
import { newTenant, type TestTenant } from '../../support/tenant.js';
import { members, text } from '../sts/support.js';
import { DRS, entra, object } from './support.js';

const cloud = useCloud(...entra);
let lab: TestTenant;
beforeAll(async () => {
  lab = await newTenant(cloud());
});
const get = (path: string, headers: Record<string, string> = {}) => cloud().request(`${DRS}${path}`, { headers });
const URN = 'urn:ms-drs:enterpriseregistration.windows.net';

describe('discovery', () => {
  it('02-21 names every service of 9.1 for a domain and a tenant id, in any case of the path', async () => {
    const { tenant, domain } = lab;
    const document = members(await get(`/${domain}/discover?api-version=1.6`));
    expect(document).toEqual({
      DiscoveryService: { DiscoveryEndpoint: `${DRS}/${domain}/Discover`, ServiceVersion: '1.6' },
      DeviceRegistrationService: {
        RegistrationEndpoint: `${DRS}/EnrollmentServer/DeviceEnrollmentWebService.svc`,
        RegistrationResourceId: URN,
        ServiceVersion: '1.0',
      },
      AuthenticationService: {
        OAuth2: {
          AuthCodeEndpoint: `https://login.microsoftonline.com/${tenant.id}/oauth2/authorize`,
          TokenEndpoint: `https://login.microsoftonline.com/${tenant.id}/oauth2/token`,
        },
      },
      IdentityProviderService: { Federated: false, PassiveAuthEndpoint: `https://login.microsoftonline.com/${domain}/wsfed` },
      DeviceJoinService: { JoinEndpoint: `${DRS}/EnrollmentServer/device/`, JoinResourceId: URN, ServiceVersion: '1.0' },
      KeyProvisioningService: { KeyProvisionEndpoint: `${DRS}/EnrollmentServer/key/`, KeyProvisionResourceId: URN, ServiceVersion: '1.0' },
      WebAuthNService: { ServiceVersion: '1.0', WebAuthNEndpoint: `${DRS}/webauthn/${tenant.id}/`, WebAuthNResourceId: URN },
      DeviceManagementService: {
        DeviceManagementEndpoint: `${DRS}/manage/${tenant.id}/`,
        DeviceManagementResourceId: URN,
        ServiceVersion: '1.0',
      },
      MsaProviderData: { SiteId: '295958', SiteUrl: 'enterpriseregistration.windows.net' },
      PrecreateService: {
        PrecreateEndpoint: `${DRS}/EnrollmentServer/device/precreate/${tenant.id}/`,
        PrecreateResourceId: URN,
        ServiceVersion: '1.0',
      },
      TenantInfo: { TenantId: tenant.id, TenantName: domain },
      AzureRbacService: { RbacPolicyEndpoint: 'https://pas.windows.net' },
      BPLService: {
        BPLProxyServicePrincipalId: 'dda27c27-f274-469f-8005-cce10f270009',
        BPLResourceId: URN,
        BPLServiceEndpoint: `${DRS}/aadpasswordpolicy/${tenant.id}/`,
        ServiceVersion: '1.0',
      },
      DeviceJoinResourceService: {
        Endpoint: `${DRS}/EnrollmentServer/device/resource/${tenant.id}/`,
        ResourceId: URN,
        ServiceVersion: '1.0',
      },
    });
    for (const path of [`/${domain}/Discover`, `/${tenant.id}/discover`, `/${domain.toUpperCase()}/DISCOVER`]) {
      const answer = await get(`${path}?api-version=1.6`);
      expect(answer.status).toBe(200);
      expect(members(answer).TenantInfo).toEqual({ TenantId: tenant.id, TenantName: domain });
    }
    for (const version of ['1.7', '1.8']) {
      const { DiscoveryService, ...rest } = members(await get(`/${domain}/discover?api-version=${version}`));
      expect(object(DiscoveryService).ServiceVersion).toBe(version);
      expect(rest).toEqual(Object.fromEntries(Object.entries(document).filter(([name]) => name !== 'DiscoveryService')));
    }
  });

  it('02 section 1 answers discovery under the name of a verified domain, and nothing else there', async () => {
    for (const domain of [lab.domain, lab.tenant.initialDomain]) {
      const own = `https://enterpriseregistration.${domain}`;
      const found = await cloud().request(`${own}/${domain}/discover?api-version=1.6`);
      expect(object(members(found).DiscoveryService).DiscoveryEndpoint).toBe(`${DRS}/${domain}/Discover`);
      expect((await cloud().request(`${own}/${domain}/EnrollmentServer/contract?api-version=1.0`)).status).toBe(200);
      expect((await cloud().request(`${own}/EnrollmentServer/device/?api-version=1.0`, { method: 'POST', body: '{}' })).status).toBe(404);
    }
  });

  it('02-21 version 1.9 adds the nonce service and version 2.0 of the join', async () => {
    const document = members(await get(`/${lab.tenant.id}/Discover?api-version=1.9&managed=True`));
    expect(document.NonceService).toEqual({
      Endpoint: `${DRS}/EnrollmentServer/nonce/${lab.tenant.id}/`,
      ResourceId: URN,
      ServiceVersion: '1.0',
    });
    for (const name of ['DeviceJoinService', 'PrecreateService', 'DeviceJoinResourceService'])
      expect(object(document[name]).ServiceVersion).toBe('2.0');
    expect(document.TenantInfo).toEqual({ TenantId: lab.tenant.id, TenantName: lab.domain, DisplayName: lab.tenant.displayName });
  });

  it('02-21 a federated domain says so; unknown tenants and versions are refused', async () => {
    const own = await newTenant(cloud());
    await cloud().context.dataSource.manager.update(TenantDomain, { domain: own.domain }, { authentication: 'Federated' });
    const document = members(await get(`/${own.domain}/discover?api-version=1.6`));
    expect(object(document.IdentityProviderService).Federated).toBe(true);
    const unknown = await get('/nope.example/discover?api-version=1.6');
    expect(unknown.status).toBe(400);
    expect(unknown.text()).toContain('invalid_tenant');
    expect(members(unknown)).toMatchObject({
      ErrorType: 'DirectoryError',
      Message: expect.stringContaining("AADSTS90002: Tenant 'nope.example' not found."),
    });
    for (const query of ['', '?api-version=1.0', '?api-version=2.0'])
      expect([
        (await get(`/${lab.domain}/discover${query}`)).status,
        members(await get(`/${lab.domain}/discover${query}`)).ErrorType,
      ]).toEqual([400, 'InvalidParameter']);
    expect((await get(`/${lab.domain}/discover?api-version=1.6%20`)).status).toBe(200);
  });

  it('02-23 the nonce service answers with its misspelt member', async () => {
    const answer = await get(`/EnrollmentServer/nonce/${lab.tenant.id}/?api-version=1.0`);
    expect(answer.status).toBe(200);
    const { ReponseStatus, Value } = members(answer);
    expect(ReponseStatus).toEqual({
      message: 'Successfully created a nonce',
      traceId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      time: expect.stringMatching(/^\d{1,2}\/\d{1,2}\/\d{4} \d{1,2}:\d\d:\d\d (AM|PM)$/),
    });
    expect(Buffer.from(text(Value), 'base64').toString('latin1')).toMatch(/^[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+$/);
    expect((await get(`/EnrollmentServer/nonce/${lab.tenant.id}?api-version=1.0`)).status).toBe(200);
    expect((await get('/EnrollmentServer/nonce/nope.example/?api-version=1.0')).status).toBe(400);
  });

  it('02-37 ids are echoed here too', async () => {
    const headers = { 'client-request-id': '9d3f6a52-0f7c-4d57-9b61-5d1a64c0f2aa', 'return-client-request-id': 'true' };
    const good = await get(`/${lab.domain}/discover?api-version=1.6`, headers);
    expect([good.headers['client-request-id'], good.headers['request-id']]).toEqual(Array(2).fill(headers['client-request-id']));
    const refused = members(await get('/nope.example/discover?api-version=1.6', headers));
    expect(refused.TraceId).toBe(headers['client-request-id']);
  });
});
