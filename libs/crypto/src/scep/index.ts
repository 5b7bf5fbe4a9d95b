export * from './aik-request.codec.js';
export * from './challenge.codec.js';
export * from './ek-info.codec.js';
export * from './pki-message.codec.js';
export * from './protocol-certificate.js';
