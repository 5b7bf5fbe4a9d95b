export * from './attestation-challenge.codec.js';
export * from './authority-name.js';
export * from './capabilities.codec.js';
export { ScepError } from './error.js';
export * from './failure.codec.js';
export * from './key-attestation-statement.codec.js';
export * from './message-types.js';
export * from './oids.js';
export * from './operations.js';
