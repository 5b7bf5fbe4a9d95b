export * from './config.js';
export { readListenSettings } from './listen-settings.js';
export { servicePorts } from './service-ports.js';
