import { createServiceContext, type ServiceContext } from '@greenscreen/host/context';
import { tlsRoot } from '@greenscreen/host/authority/definitions';
import { createLogger } from '@greenscreen/host/logging';
import { createServiceApp, type ServiceApp, type ServiceDefinition } from '@greenscreen/host/service';
import { startGateway } from '@greenscreen/gateway';
import { sharedDatabase } from './database.js';

/** Services behind a real gateway. */
export interface RunningGateway {
  readonly context: ServiceContext;
  readonly port: number;
  /** PEM of the root of the hosts' certificates. */
  readonly root: string;
  stop(): Promise<void>;
}

export async function openGateway(definitions: readonly ServiceDefinition[]): Promise<RunningGateway> {
  const context = await createServiceContext({
    databaseUrl: await sharedDatabase(),
    logger: createLogger({ level: process.env.GREENSCREEN_LOG_LEVEL ?? 'silent' }),
    poolSize: 8,
  });
  const apps: ServiceApp[] = [];
  for (const definition of definitions) apps.push(await createServiceApp(definition, context));
  const backends = apps.map((app) => ({ name: app.definition.name, matches: (host: string) => app.matches(host), handler: app.handler }));
  const gateway = await startGateway({ context, backends, host: '127.0.0.1', port: 0, httpPort: 0 });
  const stop = async (): Promise<void> => {
    await gateway.close();
    await Promise.all(apps.map((app) => app.close()));
    await context.close();
  };
  return { context, port: gateway.port, root: (await context.authorities.get(tlsRoot)).certificatePem, stop };
}
