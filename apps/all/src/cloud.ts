import { controlWith, type ScenarioRunner } from '@greenscreen/control';
import { type Backend, type Gateway, listen, startGateway } from '@greenscreen/gateway';
import { createServiceContext, type ServiceContext } from '@greenscreen/host/context';
import { createServiceApp, type ServiceApp } from '@greenscreen/host/service';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type DatabaseChoice, openDatabase } from './database.js';
import { migrateDatabase } from './schema.js';
import { emulatedServices } from './services.js';

export interface CloudOptions extends DatabaseChoice {
  readonly host: string;
  readonly gatewayPort: number;
  readonly httpPort: number;
  readonly controlPort: number;
  /** Leave out the seeded tenant. */
  readonly empty: boolean;
  /** What plays the runs that the control API is asked for, made when the first one is; without it, that API plays none. */
  readonly runner?: (cloud: Listening) => Promise<ScenarioRunner>;
}

/** Where a cloud listens. */
export interface Listening {
  readonly host: string;
  readonly gatewayPort: number;
  readonly httpPort: number;
  readonly controlPort: number;
}

/** The whole cloud in this process. */
export interface Cloud extends Listening {
  readonly database: string;
  readonly context: ServiceContext;
  close(): Promise<void>;
}

/** Starts Postgres (unless one is given), migrates, seeds, and starts every service behind one gateway. What was started is stopped again when a later step fails. */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const stops: (() => Promise<void>)[] = [];
  let listening: Listening | undefined;
  const runner = async (): Promise<ScenarioRunner> => {
    if (!listening || !options.runner) throw new Error('The cloud has not been started yet');
    return options.runner(listening);
  };
  const close = async (): Promise<void> => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    const database = await openDatabase(options);
    stops.push(() => database.stop());
    options.onProgress?.('bringing the schema up to date');
    await migrateDatabase(database.url, { seed: !options.empty });
    const context = await createServiceContext({ databaseUrl: database.url, logger: options.logger, poolSize: 16 });
    stops.push(() => context.close());
    options.onProgress?.('starting the services');
    const apps = await Promise.all(emulatedServices.map((definition) => createServiceApp(definition, context)));
    const controlApp = await createServiceApp(controlWith(options.runner && runner), context);
    stops.push(async () => void (await Promise.all([...apps, controlApp].map((app) => app.close()))));
    const gateway = await openGateway(options, context, apps);
    stops.push(() => gateway.close());
    const { port, stop } = await openControl(options, controlApp);
    stops.push(stop);
    // Before any server closes: runs that are played here end as aborted, not for want of a cloud.
    stops.push(async () => context.stopping.abort());
    listening = { host: options.host, gatewayPort: gateway.port, httpPort: gateway.httpPort, controlPort: port };
    return { ...listening, database: database.where, context, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function openGateway(
  { host, gatewayPort, httpPort }: CloudOptions,
  context: ServiceContext,
  apps: readonly ServiceApp[],
): Promise<Gateway> {
  const backends: Backend[] = apps.map((app) => ({
    name: app.definition.name,
    matches: (name) => app.matches(name),
    handler: app.handler,
  }));
  return startGateway({ context, backends, host, port: gatewayPort, httpPort });
}

async function openControl({ host, controlPort }: CloudOptions, app: ServiceApp): Promise<{ port: number; stop: () => Promise<void> }> {
  // Longer than clients keep connections: none is closed just when its client sends the next request.
  const server = createServer({ keepAliveTimeout: 65_000 }, app.handler);
  await listen(server, controlPort, host);
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
