export * from './details.codec.js';
export * from './enroll.codec.js';
export * from './policies.codec.js';
export { LINUX_PROVIDER } from './provider.js';
export * from './status.codec.js';
