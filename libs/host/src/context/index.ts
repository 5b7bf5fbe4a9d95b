export { HostModule, LOGGER, STOPPING } from './host.module.js';
export { OperationServices } from './operation-services.js';
export { type ContextOptions, createServiceContext, type ServiceContext } from './service-context.js';
