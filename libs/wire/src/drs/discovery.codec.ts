import { DrsFormatError } from './error.js';
import { Members } from './members.js';

/** Versions of the discovery document that are served (reference 02, 9.1). */
export const discoveryVersions = ['1.6', '1.7', '1.8', '1.9'] as const;
export type DiscoveryVersion = (typeof discoveryVersions)[number];

/** Audience of tokens for the registration service. */
export const DRS_RESOURCE = 'urn:ms-drs:enterpriseregistration.windows.net';

/** What a discovery document is about. */
export interface DiscoveryInput {
  readonly version: DiscoveryVersion;
  /** Path segment that was asked for: domain or tenant id. */
  readonly segment: string;
  readonly tenantId: string;
  /** Verified domain, shown as TenantName. */
  readonly domain: string;
  readonly displayName: string;
  readonly federated: boolean;
  /** `https://enterpriseregistration.windows.net`, without a slash. */
  readonly registration: string;
  /** `https://login.microsoftonline.com` */
  readonly tokenService: string;
}

const BPL_SERVICE_PRINCIPAL = 'dda27c27-f274-469f-8005-cce10f270009';
const MSA_SITE_ID = '295958';

/** The discovery document: the traced member set of 1.6 for 1.6 to 1.8, and the additions of 1.9 (reference 02, 9.1). */
export function encodeDiscovery(input: DiscoveryInput): Record<string, Record<string, unknown>> {
  const { version, segment, tenantId, domain, registration: root, tokenService } = input;
  const newest = version === '1.9';
  const join = newest ? '2.0' : '1.0';
  const enrollment = `${root}/EnrollmentServer`;
  return {
    DiscoveryService: { DiscoveryEndpoint: `${root}/${segment}/Discover`, ServiceVersion: version },
    DeviceRegistrationService: {
      RegistrationEndpoint: `${enrollment}/DeviceEnrollmentWebService.svc`,
      RegistrationResourceId: DRS_RESOURCE,
      ServiceVersion: '1.0',
    },
    AuthenticationService: {
      OAuth2: {
        AuthCodeEndpoint: `${tokenService}/${tenantId}/oauth2/authorize`,
        TokenEndpoint: `${tokenService}/${tenantId}/oauth2/token`,
      },
    },
    IdentityProviderService: { Federated: input.federated, PassiveAuthEndpoint: `${tokenService}/${domain}/wsfed` },
    DeviceJoinService: { JoinEndpoint: `${enrollment}/device/`, JoinResourceId: DRS_RESOURCE, ServiceVersion: join },
    KeyProvisioningService: {
      KeyProvisionEndpoint: `${enrollment}/key/`,
      KeyProvisionResourceId: DRS_RESOURCE,
      ServiceVersion: '1.0',
    },
    WebAuthNService: { ServiceVersion: '1.0', WebAuthNEndpoint: `${root}/webauthn/${tenantId}/`, WebAuthNResourceId: DRS_RESOURCE },
    DeviceManagementService: {
      DeviceManagementEndpoint: `${root}/manage/${tenantId}/`,
      DeviceManagementResourceId: DRS_RESOURCE,
      ServiceVersion: '1.0',
    },
    MsaProviderData: { SiteId: MSA_SITE_ID, SiteUrl: new URL(root).host },
    PrecreateService: {
      PrecreateEndpoint: `${enrollment}/device/precreate/${tenantId}/`,
      PrecreateResourceId: DRS_RESOURCE,
      ServiceVersion: join,
    },
    TenantInfo: { TenantId: tenantId, TenantName: domain, ...(newest ? { DisplayName: input.displayName } : {}) },
    AzureRbacService: { RbacPolicyEndpoint: 'https://pas.windows.net' },
    BPLService: {
      BPLProxyServicePrincipalId: BPL_SERVICE_PRINCIPAL,
      BPLResourceId: DRS_RESOURCE,
      BPLServiceEndpoint: `${root}/aadpasswordpolicy/${tenantId}/`,
      ServiceVersion: '1.0',
    },
    DeviceJoinResourceService: {
      Endpoint: `${enrollment}/device/resource/${tenantId}/`,
      ResourceId: DRS_RESOURCE,
      ServiceVersion: join,
    },
    ...(newest ? { NonceService: { Endpoint: `${enrollment}/nonce/${tenantId}/`, ResourceId: DRS_RESOURCE, ServiceVersion: '1.0' } } : {}),
  };
}

/** What Windows takes from a discovery document and caches. */
export interface ReceivedDiscovery {
  readonly registrationEndpoint: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly joinEndpoint: string;
  readonly joinResourceId: string;
  readonly joinServiceVersion: string;
  readonly keyProvisionEndpoint: string;
  readonly keyProvisionResourceId: string;
  readonly keyProvisionServiceVersion: string;
  /** Absent members of the later services read as undefined. */
  readonly deviceManagementEndpoint: string | undefined;
  readonly msaSite: string | undefined;
  readonly tenantId: string | undefined;
  readonly tenantName: string | undefined;
}

/**
 * Reads a discovery document as Windows does: the first four services must be there, the later ones may be missing (reference 02, 9.1
 * [client: Windows dsreg]). Throws DrsFormatError naming what is missing.
 */
export function decodeDiscovery(value: unknown): ReceivedDiscovery {
  const members = Members.of(value);
  const service = (name: string): Members => {
    const found = members?.object(name);
    if (!found) throw new DrsFormatError(name);
    return found;
  };
  const optional = (name: string, member: string): string | undefined => {
    const text = Members.of(members?.get(name))?.get(member);
    return typeof text === 'string' ? text : undefined;
  };
  const oauth = service('AuthenticationService').object('OAuth2');
  if (!oauth) throw new DrsFormatError('OAuth2');
  const join = service('DeviceJoinService');
  const keys = service('KeyProvisioningService');
  return {
    registrationEndpoint: service('DeviceRegistrationService').requiredText('RegistrationEndpoint'),
    authorizationEndpoint: oauth.requiredText('AuthCodeEndpoint'),
    tokenEndpoint: oauth.requiredText('TokenEndpoint'),
    joinEndpoint: join.requiredText('JoinEndpoint'),
    joinResourceId: join.requiredText('JoinResourceId'),
    joinServiceVersion: join.requiredText('ServiceVersion'),
    keyProvisionEndpoint: keys.requiredText('KeyProvisionEndpoint'),
    keyProvisionResourceId: keys.requiredText('KeyProvisionResourceId'),
    keyProvisionServiceVersion: keys.requiredText('ServiceVersion'),
    deviceManagementEndpoint: optional('DeviceManagementService', 'DeviceManagementEndpoint'),
    msaSite: optional('MsaProviderData', 'SiteUrl'),
    tenantId: optional('TenantInfo', 'TenantId'),
    tenantName: optional('TenantInfo', 'TenantName'),
  };
}
