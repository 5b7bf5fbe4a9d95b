import { ns } from '../soap/index.js';

/** Actions of IPolicy (MS-XCEP 3.1.4.1.1). */
export const getPoliciesActions = {
  request: `${ns.policy}/IPolicy/GetPolicies`,
  response: `${ns.policy}/IPolicy/GetPoliciesResponse`,
} as const;
