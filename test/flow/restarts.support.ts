import { control } from '@greenscreen/control';
import { emulatedServices } from '@greenscreen/all';
import { KeyPool } from '@greenscreen/crypto/keys';
import { remoteBackend } from '@greenscreen/gateway';
import { createLogger } from '@greenscreen/host/logging';
import { type CloudAddress, type RunOptions, type RunResult, runScenario } from '@greenscreen/scenarios/run';
import { afterAll, beforeAll } from '@jest/globals';
import { sharedDatabase } from '../support/database.js';
import { openGateway, openReplica } from './gateway.support.js';
import { ServiceProcess } from './service-process.js';

export interface MortalLab {
  readonly cloud: CloudAddress;
  service(name: string): ServiceProcess;
  replay(options: Pick<RunOptions, 'scenario'> & Partial<RunOptions>): Promise<RunResult>;
}

/** Six processes, on a machine that does something else meanwhile. */
const START_MS = 180_000;

/** A cloud whose services are processes of their own, so that they can die. Gateway and control live here. */
export function useMortalLab(): () => MortalLab {
  const keys = new KeyPool({ rsa2048: 4 });
  const stops: (() => Promise<unknown>)[] = [];
  let lab: MortalLab | undefined;
  beforeAll(async () => {
    const databaseUrl = await sharedDatabase();
    const services = new Map(emulatedServices.map(({ name }) => [name, new ServiceProcess(name, databaseUrl)]));
    const service = (name: string): ServiceProcess => {
      const found = services.get(name);
      if (!found) throw new Error(`There is no service ${name}`);
      return found;
    };
    stops.push(() => Promise.all([...services.values()].map((one) => one.kill())));
    await Promise.all([...services.values()].map((one) => one.start()));
    const logger = createLogger({ level: process.env.GREENSCREEN_LOG_LEVEL ?? 'silent' });
    const front = await openGateway(({ gatewaySecret }) =>
      emulatedServices.map((definition) =>
        remoteBackend({ definition, replicas: [service(definition.name).url], gatewaySecret, logger, patienceMs: 60_000 }),
      ),
    );
    stops.push(() => front.stop());
    const controlServer = await openReplica(control, front.context);
    stops.push(() => controlServer.stop());
    const gateway = { host: '127.0.0.1', port: front.gateway.port, httpPort: front.gateway.httpPort };
    const cloud = { gateway, control: controlServer.url };
    lab = { cloud, service, replay: (options) => runScenario({ cloud, tpm: 'software', keys, ...options }) };
  }, START_MS);
  afterAll(async () => {
    keys.close();
    for (const stop of stops.reverse()) await stop();
  });
  return () => {
    if (!lab) throw new Error('The lab is open only inside tests');
    return lab;
  };
}
