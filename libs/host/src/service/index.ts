export { type HostRule, hostMatcher, type ServiceDefinition } from './definition.js';
export { createDispatcher, hostOf, type Responder } from './dispatcher.js';
export { readiness } from './health.js';
export { processSettings, runService } from './run-service.js';
export { waitForSchema } from './schema-wait.js';
export { createServiceApp, type RequestHandler, type ServiceApp } from './service-app.js';
