import { type HostRule } from '@greenscreen/host/service';

export const DRS_HOST = 'enterpriseregistration.windows.net';
/** Address in discovery documents. */
export const DRS = `https://${DRS_HOST}`;
/** The token service's address, which discovery names. */
export const STS = 'https://login.microsoftonline.com';

/** Anonymous discovery and certificate-authenticated DELETE share one host: the handshake asks, each route decides (reference 02, section 1 rule 6). */
export const hostRules: HostRule[] = [{ pattern: DRS_HOST, clientCertificate: true }];
