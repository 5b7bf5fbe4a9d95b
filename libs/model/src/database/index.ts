export { createDataSource, type DatabaseOptions } from './data-source.js';
export { migrate } from './schema.js';
