/** Paths of a Fleet server; its test client has them built in (reference 04, section 8). */
export const fleetPaths = {
  orbitEnroll: '/api/fleet/orbit/enroll',
  orbitConfig: '/api/fleet/orbit/config',
  discovery: '/api/mdm/microsoft/discovery',
  auth: '/api/mdm/microsoft/auth',
  policy: '/api/mdm/microsoft/policy',
  enroll: '/api/mdm/microsoft/enroll',
  management: '/api/mdm/microsoft/management',
  terms: '/api/mdm/microsoft/tos',
} as const;

/** Fleet's PROVIDER-ID and node under DMClient (06 D-B18). */
export const FLEET_PROVIDER = 'Fleet';
