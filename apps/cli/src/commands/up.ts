import { everyService, migrateDatabase, readCloudSettings, startGatewayAlone } from '@greenscreen/all';
import { createLogger } from '@greenscreen/host/logging';
import { runService } from '@greenscreen/host/service';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { addressOfOwn } from '../cloud/addresses.js';
import { openCloud, type OwnCloudOptions } from '../cloud/own-cloud.js';
import { whileWaiting } from '../cloud/waiting.js';
import { exitCodes } from '../exit-codes.js';
import { watchForInterruption } from '../interruption.js';
import { banner } from '../output/banner.js';
import { type Console } from '../output/console.js';
import { CommandError } from '../problem.js';
import { defaultRootsFile, writeRoots } from './trust.js';

/** The cloud in this process until it is asked to stop. */
export async function up(options: Omit<OwnCloudOptions, 'onProgress'>, out: Console): Promise<number> {
  const interruption = watchForInterruption(() => out.progress('\nStopping …'));
  try {
    const cloud = await whileWaiting('starting the cloud …', (onProgress) => openCloud({ ...options, onProgress }));
    try {
      const rootsFile = await writeRoots(
        addressOfOwn(cloud).control,
        options.ephemeral ? join(cloud.database, 'roots.pem') : defaultRootsFile(options.dataDir),
      );
      for (const line of banner({ cloud, rootsFile, empty: options.empty ?? false, milliseconds: performance.now() }, out.style))
        out.line(line);
      await interruption.happened;
    } finally {
      await cloud.close();
    }
    out.progress(options.ephemeral ? 'Stopped; nothing is kept.' : `Stopped; what it knows is kept in ${cloud.database}.`);
    return exitCodes.ok;
  } finally {
    interruption.dispose();
  }
}

/** One service, or the gateway, in a process of its own; the database is shared and migrated already. */
export async function upAlone(name: string, out: Console): Promise<number> {
  if (name === 'gateway') return gatewayAlone(out);
  const definition = everyService.get(name);
  if (!definition) throw new CommandError(`There is no service "${name}". Known: ${[...everyService.keys(), 'gateway'].join(', ')}`);
  databaseUrl(name);
  await runService(definition);
  return new Promise(() => undefined); // it ends the process itself, once it has drained
}

async function gatewayAlone(out: Console): Promise<number> {
  const settings = readCloudSettings();
  const interruption = watchForInterruption(() => out.progress('Stopping …'));
  const gateway = await startGatewayAlone({
    databaseUrl: databaseUrl('gateway'),
    host: settings.host,
    port: settings.gatewayPort,
    httpPort: settings.gatewayHttpPort,
    logger: createLogger({ level: settings.logLevel }),
  });
  out.line(`Gateway on https://${settings.host}:${gateway.port}`);
  await interruption.happened;
  await gateway.close();
  return exitCodes.ok;
}

/** Brings the schema of the given database up to date, and seeds it. */
export async function migrateCommand(out: Console): Promise<number> {
  await migrateDatabase(databaseUrl('migrate'), { seed: !readCloudSettings().empty });
  out.line('The schema is up to date.');
  return exitCodes.ok;
}

function databaseUrl(what: string): string {
  const url = readCloudSettings().databaseUrl ?? process.env.DATABASE_URL;
  if (!url) throw new CommandError(`"${what}" needs a database: set DATABASE_URL to postgres://user:password@host:port/database`);
  return url;
}
