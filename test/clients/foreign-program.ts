import { type ServiceContext, createServiceContext } from '@greenscreen/host/context';
import { tlsRoot } from '@greenscreen/host/authority/definitions';
import { createLogger } from '@greenscreen/host/logging';
import { createServiceApp, type ServiceApp, type ServiceDefinition } from '@greenscreen/host/service';
import { type Gateway, startGateway } from '@greenscreen/gateway';
import { afterAll, beforeAll } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharedDatabase } from '../support/database.js';

/** Services behind a real gateway, for programs that know nothing of each other. */
export interface TestGateway {
  readonly context: ServiceContext;
  readonly port: number;
  /** Runs a Node program of this folder with name resolution and trust pointed at the gateway; what it printed, as JSON. */
  run(program: string, environment: Readonly<Record<string, string>>): Promise<unknown>;
}

export function useGateway(...definitions: ServiceDefinition[]): () => TestGateway {
  let running: TestGateway | undefined;
  const stops: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    const context = await createServiceContext({
      databaseUrl: await sharedDatabase(),
      logger: createLogger({ level: 'silent' }),
      poolSize: 8,
    });
    stops.push(() => context.close());
    const apps: ServiceApp[] = [];
    for (const definition of definitions) apps.push(await createServiceApp(definition, context));
    stops.push(() => Promise.all(apps.map((app) => app.close())));
    const backends = apps.map((app) => ({ name: app.definition.name, matches: (host: string) => app.matches(host), handler: app.handler }));
    const gateway: Gateway = await startGateway({ context, backends, host: '127.0.0.1', port: 0, httpPort: 0 });
    stops.push(() => gateway.close());
    const folder = await mkdtemp(join(tmpdir(), 'greenscreen-'));
    stops.push(() => rm(folder, { recursive: true }));
    const roots = join(folder, 'roots.pem');
    await writeFile(roots, (await context.authorities.get(tlsRoot)).certificatePem);
    running = { context, port: gateway.port, run: (program, environment) => runProgram(program, gateway.port, roots, environment) };
  }, 60_000);
  afterAll(async () => {
    for (const stop of stops.reverse()) await stop();
  });
  return () => {
    if (!running) throw new Error('The gateway is running only inside tests');
    return running;
  };
}

function runProgram(program: string, port: number, roots: string, environment: Readonly<Record<string, string>>): Promise<unknown> {
  const preload = join(import.meta.dirname, 'name-resolution.mjs');
  const child = spawn(process.execPath, ['--import', preload, join(import.meta.dirname, program)], {
    env: { PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: roots, GREENSCREEN_GATEWAY_PORT: String(port), ...environment },
  });
  const [output, errors]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const printed = Buffer.concat(output).toString('utf8');
      if (code === 0) resolve(JSON.parse(printed) as unknown);
      else reject(new Error(`${program} ended with ${code}: ${Buffer.concat(errors).toString('utf8')}${printed}`));
    });
  });
}
