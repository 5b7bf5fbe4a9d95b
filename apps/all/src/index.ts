export { PortError } from '@greenscreen/gateway';
export { type Cloud, type CloudOptions, type Listening, startCloud } from './cloud.js';
export { type GatewayAloneOptions, replicaSettings, startGatewayAlone } from './gateway-alone.js';
export { migrateDatabase } from './schema.js';
export { emulatedServices } from './services.js';
export { cloudSettings, defaultDataDir, readCloudSettings } from './settings.js';
export { type RunnerLoader, type ScenarioRunner } from '@greenscreen/control';
export { NewerSchemaError } from '@greenscreen/model/database';
