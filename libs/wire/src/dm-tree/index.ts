export * from './client-certificates.js';
export * from './desktop-app-management.js';
export * from './dm-client.js';
export * from './enrollment-status-tracking.js';
export * from './expected-list.js';
export * from './loc-uri.js';
export * from './modern-app-management.js';
