export { activateCredential, type Credential, makeCredential } from './credential.js';
export { CredentialError, type CredentialProblem } from './error.js';
export { kdfA, kdfE } from './kdf.js';
export { objectName, publicKeyOfArea, qualifiedName } from './name.js';
export { verifyTpmSignature } from './signature.js';
