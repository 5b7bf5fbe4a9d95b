import { serviceLoaders } from '@greenscreen/all/service-loaders';
import { readCloudSettings } from '@greenscreen/all/settings';
import { createLogger } from '@greenscreen/host/logging';
import { runService } from '@greenscreen/host/service';
import { addressAround } from '../cloud/addresses.js';
import { databaseUrlFor } from '../cloud/database-url.js';
import { runnerFor } from '../cloud/runner.js';
import { exitCodes } from '../exit-codes.js';
import { watchForInterruption } from '../interruption.js';
import { type Console } from '../output/console.js';
import { CommandError } from '../problem.js';

/** One service, or the gateway, in a process of its own; the database is shared and migrated already. */
export async function upAlone(name: string, out: Console): Promise<number> {
  if (name === 'gateway') return gatewayAlone(out);
  const load = serviceLoaders.get(name);
  if (!load) throw new CommandError(`There is no service "${name}". Known: ${[...serviceLoaders.keys(), 'gateway'].join(', ')}`);
  databaseUrlFor(name);
  const cloud = name === 'control' ? addressAround() : undefined;
  await runService(await load(cloud && (() => runnerFor(cloud))));
  return new Promise(() => undefined); // it ends the process itself, once it has drained
}

async function gatewayAlone(out: Console): Promise<number> {
  // Imported when it is wanted: it knows every service's host names, and so loads them all.
  const { startGatewayAlone } = await import('@greenscreen/all');
  const settings = readCloudSettings();
  const interruption = watchForInterruption(() => out.progress('Stopping …'));
  const gateway = await startGatewayAlone({
    databaseUrl: databaseUrlFor('gateway'),
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
