import { type HostRule } from '@greenscreen/host/service';

/** Discovery: what Entra names, and what `EnterpriseEnrollment.<domain>` leads to (reference 04, 0.1). */
export const discoveryHosts = [
  'enrollment.manage.microsoft.com',
  'enterpriseenrollment.manage.microsoft.com',
  'enterpriseenrollment-s.manage.microsoft.com',
  'enterpriseenrollment.:domain',
];
/** GetPolicies and RequestSecurityToken; the unit's name is ours (06 D-B20). */
export const ENROLLMENT_HOST = 'fef.mock01.manage.microsoft.com';
/** Services of the same unit, where Graph's endpoint list has them [our choice]. */
export const IW_SERVICE_PATH = 'TrafficGateway/TrafficRoutingService/IWService/StatelessIWService';
export const TOKEN_RENEWAL_PATH = 'TokenRenewalService/TokenRenewal.svc';
export const LINUX_ENROLLMENT_PATH = 'LinuxMDM/LinuxEnrollmentService';
export const LINUX_CHECK_IN_PATH = 'LinuxMDM/LinuxDeviceCheckinService';
/** Terms of use and web sign-in. */
export const PORTAL_HOST = 'portal.manage.microsoft.com';
/** OMA-DM, and renewal, which needs the client certificate that the enrollment host must not ask for (06 D-B19). */
export const MANAGEMENT_HOST = 'r.manage.microsoft.com';
/** Service locations of the management extension. */
export const IME_LOCATION_HOST = 'manage.microsoft.com';
/** Gateway of the management extension (06 D-B20). */
export const IME_GATEWAY_HOST = 'agents.mock01.manage.microsoft.com';
/** Path of that gateway, as the real one has it behind its traffic manager [inferred]. */
export const IME_GATEWAY_PATH = 'TrafficGateway/TrafficRoutingService/SideCar/StatelessSideCarGatewayService';
export const IME_GATEWAY_URL = `https://${IME_GATEWAY_HOST}/${IME_GATEWAY_PATH}`;
/** MSI, app content, SCEP stub (06 D-B20). */
export const CONTENT_HOST = 'content.mock01.manage.microsoft.com';
/** A tenant's Fleet server: `fleet.<verified domain>` [our choice]. Its clients show no certificate (reference 04, section 8). */
export const FLEET_HOST = 'fleet.:domain';

export const hostRules: HostRule[] = [
  ...discoveryHosts.filter((host) => !host.includes(':')).map((pattern) => ({ pattern })),
  // `contosolab.example` and `contosolab.onmicrosoft.com`.
  ...['enterpriseenrollment', 'fleet'].flatMap((name) => [{ pattern: `${name}.*.*` }, { pattern: `${name}.*.*.*` }]),
  { pattern: ENROLLMENT_HOST },
  { pattern: PORTAL_HOST },
  { pattern: CONTENT_HOST },
  ...[MANAGEMENT_HOST, IME_LOCATION_HOST, IME_GATEWAY_HOST].map((pattern) => ({ pattern, clientCertificate: true })),
];
