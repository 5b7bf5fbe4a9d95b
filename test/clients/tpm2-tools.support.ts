import { afterAll } from '@jest/globals';
import { execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Both are packages of most distributions: `swtpm`, `tpm2-tools`. */
export const toolsInstalled = ['tpm2_getekcertificate', 'swtpm'].every((program) => spawnSync(program, ['--version']).status === 0);

/** The tpm2-tools in a folder of their own. */
export interface Tpm2Tools {
  /** Of the TPM: `127.0.0.1:2321`. */
  readonly address: string;
  /** Runs `tpm2_<command>`; rejects when it ends with anything but 0. */
  readonly tpm2: (command: string, ...parameters: string[]) => Promise<void>;
  readonly read: (name: string) => Promise<Buffer>;
  readonly write: (name: string, content: Buffer) => Promise<void>;
}

const folders: string[] = [];
const emulators: ReturnType<typeof spawn>[] = [];

function tpm2Tools(address: string, environment: Readonly<Record<string, string>>): Tpm2Tools {
  const cwd = mkdtempSync(join(tmpdir(), 'greenscreen-tools-'));
  folders.push(cwd);
  return {
    address,
    tpm2: async (command, ...parameters) => {
      await run(`tpm2_${command}`, parameters, { cwd, env: { PATH: process.env.PATH, ...environment } });
    },
    read: (name) => readFile(join(cwd, name)),
    write: (name, content) => writeFile(join(cwd, name), content),
  };
}

/** A new TPM of swtpm, and the tools that speak to it; over HTTP through a proxy on this port, if one is given. */
export async function emulatedTpm(proxyPort?: number): Promise<Tpm2Tools> {
  const port = await freePorts();
  const state = mkdtempSync(join(tmpdir(), 'greenscreen-swtpm-test-'));
  folders.push(state);
  const child = spawn(
    'swtpm',
    [
      ...['socket', '--tpm2', '--tpmstate', `dir=${state}`, '--flags', 'not-need-init,startup-clear'],
      ...['--server', `type=tcp,port=${port}`, '--ctrl', `type=tcp,port=${port + 1}`],
    ],
    { stdio: 'ignore' },
  );
  emulators.push(child);
  const proxy = proxyPort === undefined ? {} : { http_proxy: `http://127.0.0.1:${proxyPort}` };
  const tools = tpm2Tools(`127.0.0.1:${port}`, { TPM2TOOLS_TCTI: `swtpm:host=127.0.0.1,port=${port}`, ...proxy });
  for (let attempt = 0; ; attempt += 1) {
    try {
      await tools.tpm2('getcap', 'properties-fixed');
      return tools;
    } catch (error) {
      if (attempt === 50 || child.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Two free ports in a row: the tools find the control channel behind the command channel. */
async function freePorts(): Promise<number> {
  for (;;) {
    const [first, second] = [createServer(), createServer()];
    const port = await listening(first, 0);
    const next = port === undefined ? undefined : await listening(second, port + 1);
    for (const server of [first, second]) server.close();
    if (port !== undefined && next !== undefined) return port;
  }
}

const listening = (server: ReturnType<typeof createServer>, port: number): Promise<number | undefined> =>
  new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(address === null || typeof address === 'string' ? undefined : address.port);
    });
  });

/** Ends what was started, and removes what was written. Call it once in a spec. */
export const tidyUp = (): void =>
  afterAll(() => {
    for (const child of emulators) child.kill();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
