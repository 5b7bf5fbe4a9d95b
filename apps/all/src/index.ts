export { PortError } from '@greenscreen/gateway';
export { type Cloud, type CloudOptions, startCloud } from './cloud.js';
export { defaultDataDir } from './database.js';
export { type GatewayAloneOptions, replicaSettings, startGatewayAlone } from './gateway-alone.js';
export { migrateDatabase } from './schema.js';
export { emulatedServices, everyService } from './services.js';
export { cloudSettings, readCloudSettings } from './settings.js';
export { NewerSchemaError } from '@greenscreen/model/database';
