import { emulatedServices } from '@greenscreen/all';
import { control } from '@greenscreen/control';
import { KeyPool } from '@greenscreen/crypto/keys';
import { remoteBackend } from '@greenscreen/gateway';
import { createServiceContext } from '@greenscreen/host/context';
import { createLogger } from '@greenscreen/host/logging';
import { type ServiceDefinition } from '@greenscreen/host/service';
import { type Scenario } from '@greenscreen/scenarios/format';
import { type RunOptions, type RunResult, runScenario } from '@greenscreen/scenarios/run';
import { afterAll, beforeAll } from '@jest/globals';
import { sharedDatabase } from '../support/database.js';
import { type GatewayUnderTest, openGateway, openReplica, type ReplicaServer } from './gateway.support.js';
import { balance } from './tcp-balancer.js';

export interface ReplicatedLab {
  replay(scenario: Scenario, options?: Partial<RunOptions>): Promise<RunResult>;
  /** How many requests each replica of each service has answered since the last time. */
  answered(): Readonly<Record<string, readonly number[]>>;
  /** How many TLS connections each gateway has got. */
  connections(): readonly number[];
}

/** Connections of each replica: there are many of them. */
const POOL = 2;
const logger = createLogger({ level: process.env.GREENSCREEN_LOG_LEVEL ?? 'silent' });

/**
 * A cloud with so many replicas of each service, each with connections, keys and everything else of its own as in a process of its own. The
 * gateway gives each request to the next replica; before several gateways stands a balancer, which gives each connection to the next one.
 */
export function useReplicatedLab(count: number, gateways = 1): () => ReplicatedLab {
  const keys = new KeyPool({ rsa2048: 4 });
  const stops: (() => Promise<unknown>)[] = [];
  let lab: ReplicatedLab | undefined;

  const openOne = async (definition: ServiceDefinition, databaseUrl: string): Promise<ReplicaServer> => {
    const context = await createServiceContext({ databaseUrl, logger, poolSize: POOL });
    const server = await openReplica(definition, context);
    stops.push(() => server.stop().then(() => context.close()));
    return server;
  };

  beforeAll(async () => {
    const databaseUrl = await sharedDatabase();
    const replicas = new Map<string, ReplicaServer[]>();
    for (const definition of emulatedServices) {
      const servers = await Promise.all(Array.from({ length: count }, () => openOne(definition, databaseUrl)));
      replicas.set(definition.name, servers);
    }
    const controlServer = await openOne(control, databaseUrl);
    const openFront = (): Promise<GatewayUnderTest> =>
      openGateway(({ gatewaySecret }) =>
        emulatedServices.map((definition) => {
          const urls = (replicas.get(definition.name) ?? []).map(({ url }) => url);
          return remoteBackend({ definition, replicas: urls, gatewaySecret, logger });
        }),
      );
    const fronts = await Promise.all(Array.from({ length: gateways }, openFront));
    stops.push(() => Promise.all(fronts.map((front) => front.stop())));
    const tls = await balance(fronts.map(({ gateway }) => gateway.port));
    const http = await balance(fronts.map(({ gateway }) => gateway.httpPort));
    stops.push(() => Promise.all([tls.stop(), http.stop()]));
    const cloud = { gateway: { host: '127.0.0.1', port: tls.port, httpPort: http.port }, control: controlServer.url };
    lab = {
      replay: (scenario, options) => runScenario({ scenario, cloud, tpm: 'software', keys, ...options }),
      connections: () => [...tls.given],
      answered: () => Object.fromEntries([...replicas].map(([name, servers]) => [name, servers.map((server) => server.answered())])),
    };
  }, 60_000);
  afterAll(async () => {
    keys.close();
    for (const stop of stops.reverse()) await stop();
  });
  return () => {
    if (!lab) throw new Error('The lab is open only inside tests');
    return lab;
  };
}
