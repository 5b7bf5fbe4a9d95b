export { type EcCurve, ecPoint, ecPublicKey } from './ec.js';
export { KeyError } from './error.js';
export { generateKeyPair, type KeyAlgorithm, type KeyPair } from './key-pair.js';
export { KeyPool } from './key-pool.js';
export { pkcs8Of, privateKeyFromPkcs8 } from './pkcs8.js';
export { rsaDecryptPkcs1, rsaNumbers, rsaPublicKey } from './rsa.js';
export { publicKeyFromSpki, spkiOf } from './spki.js';
