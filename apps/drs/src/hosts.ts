import { type HostRule } from '@greenscreen/host/service';

export const DRS_HOST = 'enterpriseregistration.windows.net';
/** Address in discovery documents. */
export const DRS = `https://${DRS_HOST}`;
/** The token service's address, which discovery names. */
export const STS = 'https://login.microsoftonline.com';

/** `enterpriseregistration.<verified domain>`, as a lab's domains are called: older clients look there for the service (MS-DVRD). */
const domainHosts = ['enterpriseregistration.*.example', 'enterpriseregistration.*.onmicrosoft.com'];
export const discoveryHosts = [DRS_HOST, /^enterpriseregistration\.[^.]+\.(example|onmicrosoft\.com)$/i];

/** Anonymous discovery and certificate-authenticated DELETE share one host: the handshake asks, each route decides (reference 02, section 1 rule 6). */
export const hostRules: HostRule[] = [
  { pattern: DRS_HOST, clientCertificate: true },
  // Discovery alone needs no certificate.
  ...domainHosts.map((pattern) => ({ pattern })),
];
