export { certificateProfiles, networkProfiles, policyNodes, type PolicyNode } from './policy-nodes.js';
