import { CONTENT_HOST } from '../hosts.js';

/** Where a SCEP profile sends its devices: nobody issues anything there (06 D-B52). */
export const scepAddress = (tenantId: string, profile: string): string =>
  `https://${CONTENT_HOST}/scep/${tenantId}/${encodeURIComponent(profile)}/pkiclient.exe`;
