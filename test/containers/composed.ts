import { ControlClient } from '@greenscreen/scenarios/cloud';
import { type CloudAddress } from '@greenscreen/scenarios/run';
import { afterAll, beforeAll } from '@jest/globals';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DockerComposeEnvironment, type StartedDockerComposeEnvironment, Wait } from 'testcontainers';

export const root = join(import.meta.dirname, '..', '..');
/** A machine that builds something else meanwhile needs this long for ten containers. */
export const START_MS = 240_000;

/** Containers that stay, in the order in which a run meets them. */
export const staying = ['db', 'control', 'gateway', 'graph', 'attestation', 'ztd', 'sts', 'drs', 'mdm', 'dns'];

export interface Composed {
  readonly project: string;
  readonly environment: StartedDockerComposeEnvironment;
  readonly address: CloudAddress;
  readonly control: ControlClient;
}

/** Starts docker-compose.yml as it is, as a project of its own on free ports, and takes it down with its volumes. */
export function useComposed(...overrides: string[]): () => Composed {
  let composed: Composed | undefined;
  beforeAll(async () => {
    const project = `greenscreen-test-${process.pid}`;
    const [gateway = 0, http = 0, control = 0, dns = 0] = await freePorts(4);
    const compose = new DockerComposeEnvironment(root, ['docker-compose.yml', ...overrides])
      .withProjectName(project)
      .withEnvironment({
        GREENSCREEN_GATEWAY_PORT: String(gateway),
        GREENSCREEN_GATEWAY_HTTP_PORT: String(http),
        GREENSCREEN_CONTROL_PORT: String(control),
        GREENSCREEN_DNS_PORT: String(dns),
        GREENSCREEN_SUBNET: subnet('0/24'),
        GREENSCREEN_DNS: nameServer,
        GREENSCREEN_LOG_LEVEL: 'warn',
      })
      .withStartupTimeout(START_MS)
      .withDefaultWaitStrategy(Wait.forAll([]));
    for (const service of staying) compose.withWaitStrategy(`${service}-1`, Wait.forHealthCheck());
    const environment = await compose.up();
    const address = { gateway: { host: '127.0.0.1', port: gateway, httpPort: http }, control: `http://127.0.0.1:${control}` };
    composed = { project, environment, address, control: new ControlClient(address.control) };
  }, START_MS);
  afterAll(async () => {
    await composed?.control.close();
    await composed?.environment.down({ removeVolumes: true, timeout: 2000 });
  }, 60_000);
  return () => {
    if (!composed) throw new Error('The containers are running only inside tests');
    return composed;
  };
}

/** Apart from the network of a lab that somebody runs on this machine. */
const subnet = (rest: string): string => `172.30.54.${rest}`;
export const nameServer = subnet('53');

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  return servers.map((server) => {
    const address = server.address();
    server.close();
    return typeof address === 'object' && address ? address.port : 0;
  });
}
