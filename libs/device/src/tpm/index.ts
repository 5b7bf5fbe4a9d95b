export { type CommandTpmOptions, connectTpm } from './commands/command-tpm.js';
export { type TpmAddress } from './commands/transport.js';
export { openTpm, TpmPlaceError } from './open-tpm.js';
export { createSoftwareTpm, type SoftwareTpmOptions } from './software-tpm.js';
export { startSwtpm, swtpmInstalled, SwtpmMissingError, type SwtpmOptions } from './swtpm.js';
export { type Certification, type CredentialChallenge, type Tpm, type TpmAik, TpmError, type TpmKey } from './tpm.js';
