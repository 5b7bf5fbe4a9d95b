/** Client ids of Microsoft's own device clients (reference 02, 5.1 [client]). */
export const clientIds = {
  /** Microsoft Authentication Broker: join, MDM token, PRT from a refresh token. */
  authenticationBroker: '29d9ed98-a469-4536-ade2-f981bc1d605e',
  /** Windows sign-in (CloudAP): PRT and P2P certificate. */
  windowsSignIn: '38aa3b87-a06d-4817-b275-7a316988d93b',
  azureAdPowerShell: '1b730954-1685-4b74-9bfd-dac224a7b894',
  /** Uploads Windows Hello keys. */
  deviceRegistrationClient: 'dd762716-544d-4aeb-a526-687b73838a22',
  bulkJoin: 'b90d5b8f-5503-4153-b545-b31cecfaece2',
  companyPortal: '9ba1a5c7-f17a-4de9-a1f1-6178c8d51223',
  linuxBroker: 'b743a22d-6705-4147-8670-d92fa515ee2b',
} as const;

/** Identifiers of resources: what `resource` and `aud` say (reference 02, 5.1; 06 D-B2). */
export const resources = {
  deviceRegistration: ['urn:ms-drs:enterpriseregistration.windows.net', '01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9'],
  enrollment: ['https://enrollment.manage.microsoft.com/', 'd4ebce55-015a-49b5-a083-c84d1797ae8c'],
  intuneMdm: ['0000000a-0000-0000-c000-000000000000'],
  /** Microsoft Intune IW Service, whose tokens the portal of Linux asks for [client: libhimmelblau]. */
  iwService: ['b8066b99-6e67-41be-abfa-75db1a2c8809'],
  microsoftGraph: ['https://graph.microsoft.com', '00000003-0000-0000-c000-000000000000'],
  azureAdGraph: ['https://graph.windows.net', '00000002-0000-0000-c000-000000000000'],
  azureAdPowerShell: [clientIds.azureAdPowerShell],
} as const;
export type ResourceName = keyof typeof resources;

/** Resource identifiers compare without regard to case and to one trailing slash (reference 02, 5.1). */
export const normalResource = (identifier: string): string => identifier.trim().toLowerCase().replace(/\/$/, '');

const byIdentifier = new Map(
  Object.entries(resources).flatMap(([name, identifiers]) =>
    identifiers.map((identifier) => [normalResource(identifier), name as ResourceName]),
  ),
);

/** Which of Microsoft's resources an identifier names. */
export const resourceNamed = (identifier: string): ResourceName | undefined => byIdentifier.get(normalResource(identifier));

export const grantTypes = {
  password: 'password',
  authorizationCode: 'authorization_code',
  refreshToken: 'refresh_token',
  clientCredentials: 'client_credentials',
  /** MS-OAPXBC 3.2.5.1.1. */
  srvChallenge: 'srv_challenge',
  jwtBearer: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  deviceCode: 'urn:ietf:params:oauth:grant-type:device_code',
  /** v1 spelling. */
  deviceCodeV1: 'device_code',
  saml11: 'urn:ietf:params:oauth:grant-type:saml1_1-bearer',
} as const;

/** `grant_type` inside a signed request (reference 02, 7 and 8, 12.3). */
export const signedGrants = {
  password: 'password',
  refreshToken: 'refresh_token',
  /** Windows Hello assertion. */
  jwtBearer: grantTypes.jwtBearer,
  saml11: grantTypes.saml11,
  deviceToken: 'device_token',
  deviceAuth: 'device_auth',
  /** Userless sign-in: our contract (reference 02, 12.3). */
  deviceAttestation: 'device_attestation',
} as const;

export const clientAssertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** `csr_type` of a P2P certificate request (reference 02, 8.3). */
export const p2pCsrType = 'http://schemas.microsoft.com/windows/pki/2009/01/enrollment#PKCS10';
