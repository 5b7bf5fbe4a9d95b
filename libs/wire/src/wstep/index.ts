export * from './context-items.js';
export * from './identifiers.js';
export * from './request-security-token.codec.js';
export * from './response-collection.codec.js';
