import envPaths from 'env-paths';
import { flag, oneOf, optionalText, port, readConfig, text } from '@greenscreen/host/config';

/** Settings of the all-in-one process and of the `greenscreen` command: `GREENSCREEN_<KEY>`. */
export const cloudSettings = {
  host: text('127.0.0.1', 'Address to listen on. Anything but loopback lets others reach this lab.'),
  gatewayPort: port(8443, 'TLS port of every emulated host name.'),
  gatewayHttpPort: port(8480, 'Plain HTTP port of the addresses in certificates (AIA, CRL).'),
  controlPort: port(8088, 'Port of the control API.'),
  dataDir: optionalText('Where the embedded Postgres keeps its data; a folder of this user unless set.'),
  databaseUrl: optionalText(
    'Postgres to use instead of the embedded one: postgres://user:password@host:port/database. DATABASE_URL is read too.',
  ),
  logLevel: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'silent'], 'warn', 'Least level that is logged.'),
  empty: flag(false, 'Start without the seeded tenant.'),
} as const;

export const readCloudSettings = (environment: NodeJS.ProcessEnv = process.env) => readConfig('', cloudSettings, environment);

/** Data directory of this user: `GREENSCREEN_DATA_DIR`, or the place where the system keeps programs' data. Root's is one that Postgres' own user can reach. */
export function defaultDataDir(): string {
  return process.getuid?.() === 0 ? '/var/lib/greenscreen' : envPaths('greenscreen', { suffix: '' }).data;
}
