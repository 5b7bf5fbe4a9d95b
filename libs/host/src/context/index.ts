export { HostModule, LOGGER } from './host.module.js';
export { type ContextOptions, createServiceContext, type ServiceContext } from './service-context.js';
