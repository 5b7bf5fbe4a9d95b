export { migrations } from '../migrations/index.js';
export { createDataSource, type DatabaseOptions } from './data-source.js';
export { appliedMigrations, migrate, NewerSchemaError, refuseNewer } from './schema.js';
