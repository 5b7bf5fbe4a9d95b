export * from './config.js';
export { servicePorts } from './service-ports.js';
