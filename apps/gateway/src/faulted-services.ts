import { hostMatcher } from '@greenscreen/host/service';

/** Names that faults use for what answers behind a host (reference 05, C.4). Several services may share a host: the handshake is theirs together. */
const hostsOf: Readonly<Record<string, readonly string[]>> = {
  msa: ['login.live.com'],
  ztd: ['ztd.dds.microsoft.com', 'cs.dds.microsoft.com'],
  graph: ['graph.microsoft.com', 'graph.windows.net'],
  'ek-intel': ['ekop.intel.com'],
  'ek-amd': ['ftpm.amd.com'],
  'ek-qcom': ['ekcert.spserv.microsoft.com'],
  aik: ['*.microsoftaik.azure.net'],
  sts: ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net', 'device.login.microsoftonline.com'],
  drs: ['enterpriseregistration.windows.net'],
  'mdm-discovery': [
    'enrollment.manage.microsoft.com',
    'enterpriseenrollment.manage.microsoft.com',
    'enterpriseenrollment-s.manage.microsoft.com',
  ],
  'mdm-policy': ['fef.mock01.manage.microsoft.com'],
  'mdm-enroll': ['fef.mock01.manage.microsoft.com'],
  omadm: ['r.manage.microsoft.com'],
  ime: ['manage.microsoft.com', 'agents.mock01.manage.microsoft.com'],
  content: ['content.mock01.manage.microsoft.com'],
};

const matchers = Object.entries(hostsOf).map(([service, hosts]) => ({
  service,
  matches: hostMatcher(hosts.map((pattern) => ({ pattern }))),
}));

/** The services behind a lower-case host name. */
export const servicesOf = (host: string): string[] => matchers.flatMap(({ service, matches }) => (matches(host) ? [service] : []));
