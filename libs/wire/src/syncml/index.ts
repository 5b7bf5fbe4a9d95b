export * from './alert-types.js';
export { decodeSyncMessage } from './decode.js';
export { encodeCommand, encodeSyncMessage } from './encode.js';
export { SyncMlError } from './error.js';
export { DIGEST_TYPE, digestOf, type DigestSecret } from './digest.js';
export * from './message.js';
export * from './status-codes.js';
export * from './transport.js';
