import { ns as soap } from '../soap/index.js';

/** Namespaces of RST2 (reference 01, 4.2 [client: xodus]); the device-add messages have none. */
export const ns = {
  soap12: soap.soap12,
  addressing: soap.addressing,
  security: soap.security,
  utility: soap.utility,
  /** WS-Trust of February 2005, which is older than the one of MDM enrollment. */
  trust: 'http://schemas.xmlsoap.org/ws/2005/02/trust',
  policy: 'http://schemas.xmlsoap.org/ws/2004/09/policy',
  passport: 'http://schemas.microsoft.com/Passport/SoapServices/PPCRL',
  passportFault: 'http://schemas.microsoft.com/Passport/SoapServices/SOAPFault',
  encryption: 'http://www.w3.org/2001/04/xmlenc#',
  signature: 'http://www.w3.org/2000/09/xmldsig#',
} as const;

/** Where clients find the two calls (reference 01, 4.1 and 4.2). */
export const msaAddresses = {
  deviceAdd: 'https://login.live.com/ppsecure/deviceaddcredential.srf',
  token: 'https://login.live.com/RST2.srf',
} as const;

/** `AppliesTo` of the device's own token, which every later call is made with. */
export const DEVICE_TOKEN_ADDRESS = 'http://Passport.NET/tb';

export const trustActions = { issue: `${ns.trust}/RST/Issue`, response: `${ns.trust}/RSTR/Issue` } as const;
export const ISSUE_REQUEST_TYPE = `${ns.trust}/Issue`;

/** What the native client calls itself (reference 01, 4 [client]); the build is the device's. */
export const msaUserAgent = (build: string): string =>
  `MSAWindows/55 (OS 10.0.${build.split('.')[0] ?? ''}.0.0; IDK 10.0.${build}; Test 0)`;

/** Both directions of both calls. */
export const MSA_REQUEST_TYPE = 'application/soap+xml';

/** `2025-03-14T09:26:53Z`: times without fractions. */
export const msaTime = (time: Date): string => time.toISOString().replace(/\.\d{3}Z$/, 'Z');
