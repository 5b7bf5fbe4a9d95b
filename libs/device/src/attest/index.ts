export { CERTREQ_OUTPUT } from './aik/certreq-log.js';
export { type AttestContext } from './attest-context.js';
export { AttestationError, attestErrors, hresultOfTpm } from './attestation-error.js';
export { type AttestedIdentity, type SecuringHooks } from './attempt.js';
export { secureHardware } from './secure-hardware.js';
