export * from './attest.codec.js';
export * from './constants.js';
export * from './creation-data.codec.js';
export { TpmFormatError } from './error.js';
export * from './marshalling.js';
export * from './pcr-selection.codec.js';
export * from './public-area.codec.js';
export * from './signature.codec.js';
export * from './templates.js';
