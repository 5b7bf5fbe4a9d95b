export { verifyAikCreation } from './creation.js';
export { KeyAttestationError } from './error.js';
export { type KeyAttestation, type KeyAttestationExpectation, verifyKeyAttestation } from './verify.js';
