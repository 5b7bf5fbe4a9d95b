export { getPoliciesActions } from './actions.js';
export * from './get-policies-request.codec.js';
export * from './get-policies-response.codec.js';
