import { startCloud } from '@greenscreen/all';
import { createLogger } from '@greenscreen/host/logging';
import { Greenscreen } from '../greenscreen.js';

export interface InProcessOptions {
  /** postgres://…; an embedded one is started, and thrown away at the end, without it. */
  readonly databaseUrl?: string;
  /** Start without the seeded tenant. */
  readonly empty?: boolean;
  /** `debug`, `info`, `warn`, `error` or `silent` (the default). */
  readonly logLevel?: string;
  /** Ports; free ones unless given. */
  readonly gatewayPort?: number;
  readonly httpPort?: number;
  readonly controlPort?: number;
}

/** The whole cloud in this process, on loopback: no container engine is needed. Throws EmbeddedPostgresError, PortError. */
export async function createGreenscreen(options: InProcessOptions = {}): Promise<Greenscreen> {
  const { databaseUrl, empty = false, logLevel = 'silent', gatewayPort = 0, httpPort = 0, controlPort = 0 } = options;
  const host = '127.0.0.1';
  const cloud = await startCloud({
    host,
    gatewayPort,
    httpPort,
    controlPort,
    empty,
    ephemeral: databaseUrl === undefined,
    logger: createLogger({ level: logLevel }),
    runner: async (cloud) =>
      (await import('@greenscreen/scenarios/runner')).createRunner({
        gateway: { host, port: cloud.gatewayPort, httpPort: cloud.httpPort },
        control: `http://${host}:${cloud.controlPort}`,
      }),
    ...(databaseUrl === undefined ? {} : { url: databaseUrl }),
  });
  const address = { host, gatewayPort: cloud.gatewayPort, httpPort: cloud.httpPort, controlPort: cloud.controlPort };
  return new Greenscreen(address, () => cloud.close());
}
