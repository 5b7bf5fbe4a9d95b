export * from './key-forms.js';
export { generateKeyPair, type KeyAlgorithm, type KeyPair } from './key-pair.js';
export { KeyPool } from './key-pool.js';
