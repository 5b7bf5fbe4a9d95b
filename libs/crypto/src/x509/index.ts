export * from './chain.js';
export * from './crl.js';
export * from './decode.js';
export { CertificateError, certificateGuard } from './error.js';
export * from './extensions/index.js';
export * from './issue.js';
export * from './name.js';
export * from './pem.js';
export * from './signature.js';
