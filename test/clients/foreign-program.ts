import { type ServiceContext } from '@greenscreen/host/context';
import { type ServiceDefinition } from '@greenscreen/host/service';
import { afterAll, beforeAll } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openGateway } from '../support/gateway.js';

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
    const gateway = await openGateway(definitions);
    stops.push(() => gateway.stop());
    const folder = await mkdtemp(join(tmpdir(), 'greenscreen-'));
    stops.push(() => rm(folder, { recursive: true }));
    const roots = join(folder, 'roots.pem');
    await writeFile(roots, gateway.root);
    running = {
      context: gateway.context,
      port: gateway.port,
      run: (program, environment) => runProgram(program, gateway.port, roots, environment),
    };
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
