export * from './client-certificate.js';
