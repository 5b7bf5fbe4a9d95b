import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { flag, type ConfigError, oneOf, optionalText, readConfig } from '../config/config.js';
import { readListenSettings } from '../config/listen-settings.js';
import { createServiceContext } from '../context/service-context.js';
import { createLogger } from '../logging/logger.js';
import { type ServiceDefinition } from './definition.js';
import { createServiceApp } from './service-app.js';
import { waitForSchema } from './schema-wait.js';

/** Settings that every process understands: `GREENSCREEN_<KEY>`. */
export const processSettings = {
  databaseUrl: optionalText(
    'Postgres to use, as postgres://user:password@host:port/database; DATABASE_URL is read too. Without one, an embedded Postgres is started.',
  ),
  logLevel: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'silent'], 'info', 'Least level that is logged.'),
  logPretty: flag(false, 'Log lines for people instead of JSON.'),
} as const;

/** Time that requests in flight get after SIGTERM. */
const DRAIN_MS = 10_000;

/** Runs one service as a process of its own, until SIGTERM or SIGINT. */
export async function runService(definition: ServiceDefinition): Promise<void> {
  const settings = readConfig('', processSettings);
  const listen = readListenSettings(definition.name);
  const databaseUrl = settings.databaseUrl ?? process.env.DATABASE_URL;
  if (!databaseUrl) throw new Error('A service on its own needs DATABASE_URL (or GREENSCREEN_DATABASE_URL)');
  const logger = createLogger({ level: settings.logLevel, ...(settings.logPretty ? { pretty: true } : {}) });
  const context = await createServiceContext({ databaseUrl, logger, applicationName: `greenscreen-${definition.name}` });
  await waitForSchema(context.dataSource, logger);
  const app = await createServiceApp(definition, context);
  const server = createServer({ maxHeaderSize: 32 * 1024, keepAliveTimeout: 65_000 }, app.handler);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(listen.port, listen.host, resolve);
  });
  logger.info({ service: definition.name, port: (server.address() as AddressInfo).port }, 'listening');
  const stop = (): void => {
    context.stopping.abort();
    server.close(
      () =>
        void app
          .close()
          .then(() => context.close())
          .then(() => process.exit(0)),
    );
    server.closeIdleConnections();
    setTimeout(() => process.exit(1), DRAIN_MS).unref();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

export type { ConfigError };
