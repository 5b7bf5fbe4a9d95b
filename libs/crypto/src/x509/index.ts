export * from './chain.js';
export * from './decode.js';
export { CertificateError } from './error.js';
export * from './extensions/index.js';
export * from './issue.js';
export * from './name.js';
export * from './pem.js';
export * from './signature.js';
