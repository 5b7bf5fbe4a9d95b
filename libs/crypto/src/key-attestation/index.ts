export { verifyAikCreation } from './creation.js';
export { KeyAttestationError } from './error.js';
export { decodeRsaPublicArea, objectAttributes, type RsaPublicArea } from './rsa-public-area.js';
export { type KeyAttestation, type KeyAttestationExpectation, verifyKeyAttestation } from './verify.js';
