export { migrations } from '../migrations/index.js';
export { createDataSource, type DatabaseOptions } from './data-source.js';
export { migrate } from './schema.js';
