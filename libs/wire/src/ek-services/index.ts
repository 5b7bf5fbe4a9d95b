export * from './amd.js';
export { EkServiceError } from './error.js';
export * from './intel.js';
export * from './qualcomm.js';
