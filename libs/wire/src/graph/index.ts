export * from './error-envelope.js';
export * from './filter.js';
export * from './identifiers.js';
export * from './odata-error.js';
export * from './query-options.js';
export { parseRelaxedJson } from './relaxed-json.js';
export * from './search.js';
