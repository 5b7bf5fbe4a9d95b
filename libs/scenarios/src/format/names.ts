import { z } from 'zod';

/** Services that faults and expectations name, with their operations (reference 05, C.4; 06, D-A53, D-B65). */
export const operations = {
  msa: ['DeviceAdd', 'DeviceTicket', 'Probe'],
  ztd: ['GetProfile', 'MarkRemediation', 'Probe'],
  graph: [],
  'ek-intel': ['EkFetch'],
  'ek-amd': ['EkFetch', 'Crl', 'Root'],
  'ek-qcom': ['EkFetch'],
  'ek-pki': ['Certificate', 'Crl'],
  aik: ['GetCACaps', 'GetCACertChain', 'GetCACert', 'PKCSReq', 'ChallengeAnswer', 'Aia', 'Crl'],
  sts: ['Token', 'Authorize', 'Login', 'UserRealm', 'OpenIdConfiguration', 'CloudDomainJoin', 'GetCredentialType', 'Keys', 'DeviceAuth'],
  drs: ['Discover', 'Nonce', 'Join', 'HybridJoin', 'Unjoin', 'MdmList', 'KeyProvision', 'Contract'],
  'mdm-discovery': ['Probe', 'Discover', 'Auth', 'Tou'],
  'mdm-policy': ['GetPolicies'],
  'mdm-enroll': ['RST', 'Renew'],
  omadm: ['Session'],
  ime: ['ServiceAddresses', 'ImeSession'],
  content: ['MsiContent', 'AppContent', 'StoreContent', 'Scep'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type ServiceName = keyof typeof operations;

const isService = (name: string): name is ServiceName => Object.hasOwn(operations, name);

/** Graph has an operation a route: what it has not is told by a fault that is never triggered. */
const isOperation = (service: ServiceName, name: string): boolean => {
  const known: readonly string[] = operations[service];
  return name === '*' || known.length === 0 || known.includes(name);
};

export const service = z.string().refine(isService, { error: `is none of ${Object.keys(operations).join(', ')}` });

/** Reports an operation that its service does not have: a typo would never be met, and `count: 0` of it is always true. */
export function checkOperation(value: { readonly service: string; readonly on: string }, context: z.RefinementCtx): void {
  if (!isService(value.service) || isOperation(value.service, value.on)) return;
  context.addIssue({ code: 'custom', path: ['on'], message: `is none of ${value.service}'s: ${operations[value.service].join(', ')}` });
}
