import { type HostRule } from '@greenscreen/host/service';

/** Host names of the token service (reference 02, section 1). */
export const stsHosts = [
  'login.microsoftonline.com',
  'login.windows.net',
  'login.microsoft.com',
  'sts.windows.net',
  'device.login.microsoftonline.com',
];
/** Tenant lookup by domain (reference 02, 2.6). */
export const lookupHosts = ['odc.officeapps.live.com'];

/** Only device login asks for a client certificate: WinHTTP clients fail on a mere request elsewhere (design 4.10). */
export const hostRules: HostRule[] = [...stsHosts, ...lookupHosts].map((pattern) => ({
  pattern,
  ...(pattern.startsWith('device.') ? { clientCertificate: true } : {}),
}));

/** Address in metadata and redirects, whatever alias was asked. */
export const STS = 'https://login.microsoftonline.com';
