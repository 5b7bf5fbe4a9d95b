import { type Gateway, remoteBackend, startGateway } from '@greenscreen/gateway';
import { ConfigError, readConfig, servicePorts, type Setting, text } from '@greenscreen/host/config';
import { createServiceContext } from '@greenscreen/host/context';
import { type Logger } from '@greenscreen/host/logging';
import { waitForSchema } from '@greenscreen/host/service';
import { emulatedServices } from './services.js';

/** Where the replicas of each service are: `GREENSCREEN_<SERVICE>_URLS`, base URLs separated by commas. */
export const replicaSettings: Readonly<Record<string, { urls: Setting<string> }>> = Object.fromEntries(
  emulatedServices.map(({ name }) => [
    name,
    { urls: text(`http://127.0.0.1:${servicePorts[name] ?? 0}`, `Base URLs of the replicas of ${name}, separated by commas.`) },
  ]),
);

export interface GatewayAloneOptions {
  readonly databaseUrl: string;
  readonly host: string;
  readonly port: number;
  readonly httpPort: number;
  readonly logger: Logger;
  readonly environment?: NodeJS.ProcessEnv;
}

/** A gateway in front of services that run elsewhere. It needs the database for the TLS root and the secret that services know it by. */
export async function startGatewayAlone(options: GatewayAloneOptions): Promise<Gateway> {
  const { databaseUrl, host, port, httpPort, logger, environment } = options;
  const replicas = new Map(emulatedServices.map(({ name }) => [name, replicasOf(name, environment)]));
  const context = await createServiceContext({ databaseUrl, logger, poolSize: 2, applicationName: 'greenscreen-gateway' });
  try {
    await waitForSchema(context.dataSource, logger);
    const backends = emulatedServices.map((definition) =>
      remoteBackend({ definition, replicas: replicas.get(definition.name) ?? [], gatewaySecret: context.gatewaySecret, logger }),
    );
    const gateway = await startGateway({ context, backends, host, port, httpPort });
    return { ...gateway, close: () => gateway.close().then(() => context.close()) };
  } catch (error) {
    await context.close();
    throw error;
  }
}

function replicasOf(service: string, environment: NodeJS.ProcessEnv = process.env): string[] {
  const table = replicaSettings[service];
  const urls = (table ? readConfig(service, table, environment).urls : '').split(',').map((url) => url.trim());
  for (const url of urls) {
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
      throw new ConfigError(`GREENSCREEN_${service.toUpperCase()}_URLS`, `"${url}" is not an address such as http://127.0.0.1:8101`);
  }
  return urls;
}
