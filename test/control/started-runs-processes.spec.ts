import { type Cloud } from '@greenscreen/all';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ownDatabase } from '../support/database.js';
import { useLab } from '../support/lab.js';
import { RunsClient, slow } from './started-runs.support.js';

const program = join(import.meta.dirname, '../../apps/cli/dist/main.js');
let database: string;
const lab = useLab(async () => (database = await ownDatabase('started-runs-processes')));
let runs: RunsClient;
const children: ChildProcess[] = [];
beforeAll(() => void (runs = new RunsClient(lab().address.control)));
afterAll(() => void children.map((child) => child.kill('SIGKILL')));

interface ControlProcess {
  readonly runs: RunsClient;
  /** Resolves with its exit code, or null when it was killed. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** A control API in a process of its own, as `docker compose` has it, told where the gateway is. */
async function startControl(cloud: Cloud, environment: Record<string, string> = {}): Promise<ControlProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, [program, 'up', 'control'], {
    env: {
      ...process.env,
      DATABASE_URL: database,
      GREENSCREEN_LOG_LEVEL: 'info',
      GREENSCREEN_CONTROL_PORT: String(port),
      GREENSCREEN_CONTROL_GATEWAY_URL: `https://127.0.0.1:${cloud.gatewayPort}`,
      GREENSCREEN_GATEWAY_HTTP_PORT: String(cloud.httpPort),
      // The same code again and again: compiled once.
      NODE_COMPILE_CACHE: join(import.meta.dirname, '../../node_modules/.cache/services'),
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  children.push(child);
  await listening(child);
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
    return child.exitCode;
  };
  return { runs: new RunsClient(`http://127.0.0.1:${port}`), end };
}

/** Resolves when it says so; rejects with what it printed when it ends instead. What comes later is read too, so that the pipe never fills. */
function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    child.once('exit', (code) => reject(new Error(`control ended (${code}): ${said.join('\n')}`)));
    if (!child.stderr) throw new Error('its log is not read');
    createInterface(child.stderr).on('line', (line) => (line.includes('"msg":"listening"') ? resolve() : said.push(line)));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a control API in a process of its own', () => {
  it('plays runs through the gateway that it is told; what nobody plays any more is lost, and said so', async () => {
    const process = await startControl(lab().cloud);
    const { run } = await process.runs.start({ scenario: 'happy-entra-preprovision' });
    expect((await process.runs.follow(run)).at(-1)?.data).toBe('{"state":"as-expected"}');
    expect(await runs.read(run)).toMatchObject({ state: 'as-expected', screen: 'desktop', differences: [] });

    const dying = await process.runs.start({ document: slow });
    await runs.follow(dying.run, undefined, ({ event }) => event === 'wait');
    expect(await process.end('SIGKILL')).toBeNull();
    const told = runs.follow(dying.run);
    expect((await runs.read(dying.run)).state).toBe('running');
    // As if its last sign of life were a while ago.
    await lab().cloud.context.dataSource.query(`UPDATE scenario_run SET seen_at = seen_at - interval '31 seconds' WHERE run = $1`, [
      dying.run,
    ]);
    expect((await told).at(-1)).toMatchObject({ event: 'end', data: '{"state":"lost"}' });
    expect(await runs.read(dying.run)).toMatchObject({ state: 'lost', problem: 'The process that played it is gone' });
  }, 120_000);

  it('that is stopped ends its runs and its streams, and stops at once; what waits is taken up by another', async () => {
    const process = await startControl(lab().cloud, { GREENSCREEN_CONTROL_RUNS_AT_ONCE: '1' });
    const going = await process.runs.start({ document: slow });
    await process.runs.follow(going.run, undefined, ({ event }) => event === 'wait');
    const waiting = await process.runs.start({ document: slow.replace('"slow"', '"waiting"') });
    expect(waiting.state).toBe('waiting');
    const stream = process.runs.follow(waiting.run);
    expect(await process.end('SIGTERM')).toBe(0);
    // Cut off without an end: its client goes on at another replica.
    expect(await stream).toEqual([]);
    expect(await runs.read(going.run)).toMatchObject({ state: 'aborted', problem: 'The process that played it was stopped' });
    await runs.follow(waiting.run, undefined, ({ event }) => event === 'wait');
    expect((await runs.call('DELETE', `/runs/${waiting.run}`)).status).toBe(202);
    expect((await runs.follow(waiting.run)).at(-1)?.data).toBe('{"state":"aborted"}');
  }, 60_000);

  it('does not start with a gateway that is no address', async () => {
    await expect(startControl(lab().cloud, { GREENSCREEN_CONTROL_GATEWAY_URL: 'gateway' })).rejects.toThrow(
      /GREENSCREEN_CONTROL_GATEWAY_URL: "gateway" is not an address/,
    );
    await expect(startControl(lab().cloud, { GREENSCREEN_CONTROL_RUNS_AT_ONCE: 'many' })).rejects.toThrow(
      /GREENSCREEN_CONTROL_RUNS_AT_ONCE/,
    );
  }, 60_000);
});
