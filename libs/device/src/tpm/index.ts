export { type Certification, type CredentialChallenge, type Tpm, TpmError, type TpmKey } from './tpm.js';
