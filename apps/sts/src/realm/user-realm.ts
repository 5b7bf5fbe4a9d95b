import { domainOf } from '../tenancy/tenant-segment.js';
import { Tenant, TenantDomain } from '@greenscreen/model/tenancy';
import { type EntityManager } from 'typeorm';

/** What is known of the domain of a sign-in name. */
export interface Realm {
  readonly login: string;
  readonly domain: string;
  readonly kind: 'Managed' | 'Federated' | 'Unknown';
  readonly tenant?: Tenant;
  /** WS-Trust addresses of a federated domain. */
  readonly federation: Readonly<Record<string, string>>;
}

export async function realmOf(em: EntityManager, login: string): Promise<Realm> {
  const domain = domainOf(login);
  const row = await em.findOneBy(TenantDomain, { domain });
  const tenant = row && (await em.findOneBy(Tenant, { id: row.tenantId }));
  if (!row || !tenant) return { login, domain, kind: 'Unknown', federation: {} };
  return { login, domain, kind: row.authentication, tenant, federation: row.federation ?? {} };
}

const CLOUD = { cloud_instance_name: 'microsoftonline.com' };

/** `api-version=1.0` (reference 02, 2.5). */
export function encodeRealmV1({ domain, kind, federation }: Realm): Record<string, unknown> {
  if (kind === 'Unknown') return { ver: '1.0', account_type: 'Unknown', ...CLOUD };
  return {
    ver: '1.0',
    account_type: kind,
    domain_name: domain,
    ...(kind === 'Federated'
      ? {
          federation_protocol: 'WSTrust',
          federation_metadata_url: federation.metadataUrl ?? '',
          federation_active_auth_url: federation.activeAuthUrl ?? '',
        }
      : {}),
    ...CLOUD,
    cloud_audience_urn: 'urn:federation:MicrosoftOnline',
  };
}

/** `api-version` 2.0 and 2.1; 2.1 adds `is_dsso_enabled` [inferred]. */
export function encodeRealmV2({ login, domain, kind, tenant, federation }: Realm, version: string): Record<string, unknown> {
  if (kind === 'Unknown') return { NameSpaceType: 'Unknown', Login: login, ...CLOUD };
  return {
    NameSpaceType: kind,
    Login: login,
    DomainName: domain,
    FederationBrandName: tenant?.displayName ?? '',
    ...(kind === 'Federated' ? { federation_protocol: 'WSTrust', AuthURL: federation.authUrl ?? '' } : {}),
    TenantBrandingInfo: null,
    ...CLOUD,
    ...(version === '2.1' ? { is_dsso_enabled: false } : {}),
  };
}

/** `GetUserRealm.srf`: state 4 is managed, 3 federated, 1 unknown. */
export function encodeRealmSrf({ login, domain, kind, tenant, federation }: Realm): Record<string, unknown> {
  const state = { Managed: 4, Federated: 3, Unknown: 1 }[kind];
  return {
    State: state,
    UserState: 1,
    Login: login,
    NameSpaceType: kind,
    DomainName: domain,
    FederationBrandName: tenant?.displayName ?? '',
    ...(kind === 'Federated' ? { AuthURL: federation.authUrl ?? '' } : {}),
    CloudInstanceName: 'microsoftonline.com',
  };
}
