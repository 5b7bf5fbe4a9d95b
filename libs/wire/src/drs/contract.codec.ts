import { type Markup, xml } from '../xml/index.js';
import { DRS_RESOURCE } from './discovery.codec.js';

/** Versions of the MS-DVRD contract; what 1.4 adds is unknown, it answers as 1.2 (reference 02, 9.2 [our choice]). */
export const contractVersions = ['1.0', '1.2', '1.4'] as const;

export interface ContractInput {
  readonly version: (typeof contractVersions)[number];
  readonly tenantId: string;
  readonly domain: string;
  /** `https://enterpriseregistration.windows.net` */
  readonly registration: string;
  /** `https://login.microsoftonline.com` */
  readonly tokenService: string;
}

const addresses = ({ tenantId, domain, registration, tokenService }: ContractInput) => ({
  registration: `${registration}/EnrollmentServer/DeviceEnrollmentWebService.svc`,
  authorization: `${tokenService}/${tenantId}/oauth2/authorize`,
  token: `${tokenService}/${tenantId}/oauth2/token`,
  passive: `${tokenService}/${domain}/wsfed`,
  join: `${registration}/EnrollmentServer/device/`,
  key: `${registration}/EnrollmentServer/key/`,
});

/** The contract as data-contract XML: three elements in 1.0, six later, in an order that deserialisers rely on (reference 02, 9.2). */
export function encodeContractXml(input: ContractInput): Markup {
  const at = addresses(input);
  const later = xml`<DeviceJoinService><JoinEndpoint>${at.join}</JoinEndpoint><JoinResourceId>${DRS_RESOURCE}</JoinResourceId><ServiceVersion>1.0</ServiceVersion></DeviceJoinService><WebBrowserZones><Intranet><Endpoints xmlns:a="http://schemas.microsoft.com/2003/10/Serialization/Arrays"><a:anyURI>${input.tokenService}</a:anyURI></Endpoints></Intranet><Trusted i:nil="true"/><Untrusted i:nil="true"/></WebBrowserZones><KeyProvisioningService><KeyProvisionEndpoint>${at.key}</KeyProvisionEndpoint><KeyProvisionResourceId>${DRS_RESOURCE}</KeyProvisionResourceId><ServiceVersion>1.0</ServiceVersion></KeyProvisioningService>`;
  return xml`<Discovery xmlns="http://schemas.datacontract.org/2004/07/Microsoft.DeviceRegistration.Entities" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><DeviceRegistrationService><RegistrationEndpoint>${at.registration}</RegistrationEndpoint><RegistrationResourceId>${DRS_RESOURCE}</RegistrationResourceId><ServiceVersion>1.0</ServiceVersion></DeviceRegistrationService><AuthenticationService><OAuth2><AuthCodeEndpoint>${at.authorization}</AuthCodeEndpoint><TokenEndpoint>${at.token}</TokenEndpoint></OAuth2></AuthenticationService><IdentityProviderService><PassiveAuthEndpoint>${at.passive}</PassiveAuthEndpoint></IdentityProviderService>${input.version === '1.0' ? undefined : later}</Discovery>`;
}

/** The same as JSON, with the same names. */
export function encodeContractJson(input: ContractInput): Record<string, unknown> {
  const at = addresses(input);
  return {
    DeviceRegistrationService: {
      RegistrationEndpoint: at.registration,
      RegistrationResourceId: DRS_RESOURCE,
      ServiceVersion: '1.0',
    },
    AuthenticationService: { OAuth2: { AuthCodeEndpoint: at.authorization, TokenEndpoint: at.token } },
    IdentityProviderService: { PassiveAuthEndpoint: at.passive },
    ...(input.version === '1.0'
      ? {}
      : {
          DeviceJoinService: { JoinEndpoint: at.join, JoinResourceId: DRS_RESOURCE, ServiceVersion: '1.0' },
          WebBrowserZones: { Intranet: { Endpoints: [input.tokenService] }, Trusted: null, Untrusted: null },
          KeyProvisioningService: { KeyProvisionEndpoint: at.key, KeyProvisionResourceId: DRS_RESOURCE, ServiceVersion: '1.0' },
        }),
  };
}
