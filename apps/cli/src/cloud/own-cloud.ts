import { type Cloud, startCloud } from '@greenscreen/all';
import { readCloudSettings } from '@greenscreen/all/settings';
import { variableName } from '@greenscreen/host/config';
import { createLogger } from '@greenscreen/host/logging';
import { addressOfOwn } from './addresses.js';
import { runnerFor } from './runner.js';

export interface OwnCloudOptions {
  readonly ephemeral: boolean;
  readonly empty?: boolean;
  readonly host?: string;
  readonly gatewayPort?: number;
  readonly controlPort?: number;
  readonly dataDir?: string;
  readonly onProgress?: (step: string) => void;
}

const isSet = (key: string): boolean => Boolean(process.env[variableName('', key)]);

/** The whole cloud in this process, with the settings of the environment where no option says otherwise. */
export function openCloud(options: OwnCloudOptions): Promise<Cloud> {
  const settings = readCloudSettings();
  const url = settings.databaseUrl ?? process.env.DATABASE_URL;
  const dataDir = options.dataDir ?? settings.dataDir;
  return startCloud({
    host: options.host ?? settings.host,
    gatewayPort: options.gatewayPort ?? settings.gatewayPort,
    httpPort: options.gatewayPort === 0 && !isSet('gatewayHttpPort') ? 0 : settings.gatewayHttpPort,
    controlPort: options.controlPort ?? settings.controlPort,
    empty: options.empty ?? settings.empty,
    ephemeral: options.ephemeral,
    logger: createLogger({ level: settings.logLevel }),
    runner: (cloud) => runnerFor(addressOfOwn(cloud)),
    ...(options.onProgress ? { onProgress: options.onProgress } : {}),
    ...(url ? { url } : {}),
    ...(dataDir ? { dataDir } : {}),
  });
}

/** Whether the cloud of a replay begins with nothing: its tenants need not be told from those of earlier replays. */
export const replayCloudIsNew = (): boolean =>
  !isSet('dataDir') && readCloudSettings().databaseUrl === undefined && process.env.DATABASE_URL === undefined;

/**
 * A cloud for one replay: it leaves nothing behind and is in nobody's way, so that a replay works beside a running cloud. What the environment
 * sets holds all the same: ports, data directory, database.
 */
export function openReplayCloud(onProgress: (step: string) => void): Promise<Cloud> {
  return openCloud({
    ephemeral: !isSet('dataDir'),
    onProgress,
    ...(isSet('gatewayPort') ? {} : { gatewayPort: 0 }),
    ...(isSet('controlPort') ? {} : { controlPort: 0 }),
  });
}
