import { type HostRule } from '@greenscreen/host/service';

/** Device accounts and tickets (reference 01, section 4). */
export const msaHosts = ['login.live.com'];
/** The profile service, and the device graph beside it, which has nothing that a deployment needs (reference 01, 5.1). */
export const ztdHosts = ['ztd.dds.microsoft.com', 'cs.dds.microsoft.com'];

/** Windows takes an address with `http` as well, when the registry says so (reference 01, 5.1). */
export const hostRules: HostRule[] = [
  ...msaHosts.map((pattern) => ({ pattern })),
  ...ztdHosts.map((pattern) => ({ pattern, plainHttp: true })),
];
