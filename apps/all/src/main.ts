import { createLogger } from '@greenscreen/host/logging';
import { startCloud } from './cloud.js';
import { readCloudSettings } from './settings.js';

const settings = readCloudSettings();
const url = settings.databaseUrl ?? process.env.DATABASE_URL;
const logger = createLogger({ level: settings.logLevel });
const cloud = await startCloud({
  host: settings.host,
  gatewayPort: settings.gatewayPort,
  httpPort: settings.gatewayHttpPort,
  controlPort: settings.controlPort,
  empty: settings.empty,
  ephemeral: false,
  logger,
  ...(url ? { url } : {}),
  ...(settings.dataDir ? { dataDir: settings.dataDir } : {}),
});
const stop = (): void => void cloud.close().then(() => process.exit(0));
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
