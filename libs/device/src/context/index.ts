export * from './certificate-stores.js';
export * from './device-clock.js';
export * from './device-context.js';
export * from './failure.js';
export * from './network.js';
export * from './registry.js';
export * from './timeline.js';
export * from './traits.js';
