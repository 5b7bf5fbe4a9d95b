export * from './device-add-request.codec.js';
export * from './device-add-response.codec.js';
export { MsaMessageError } from './error.js';
export { type ComponentFacts, componentNames, componentsOfFacts, factsOfComponents } from './hardware-components.js';
export { DEVICE_TOKEN_ADDRESS, MSA_REQUEST_TYPE, msaAddresses, msaUserAgent } from './namespaces.js';
export { decodeTokenFault, encodeTokenFault, type ReceivedTokenFault, type TokenFault } from './token-fault.codec.js';
export { decodeTokenRequest, encodeTokenRequest, type TokenCall, type TokenCredential, type TokenRequest } from './token-request.codec.js';
export { decodeTokenResponse, encodeTokenResponse, type IssuedToken, type ReceivedToken } from './token-response.codec.js';
