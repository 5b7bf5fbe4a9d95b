import { emulatedServices } from '@greenscreen/all';
import { servicePorts } from '@greenscreen/host/config';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { startNameServer } from '../../apps/cli/src/dns/name-server.js';
import { ownDatabase } from '../support/database.js';
import { findProgram } from '../support/find-program.js';
import { useLab } from '../support/lab.js';

const root = join(import.meta.dirname, '../..');
const lab = useLab(() => ownDatabase('health'));
const describeProbe = findProgram('bash') === undefined ? describe.skip : describe;

/** The probe's exit code and what it says, as a container engine would run it. */
const probe = (environment: Record<string, string>): Promise<{ code: number; said: string }> =>
  new Promise((resolve) =>
    execFile('bash', [join(root, 'apps/cli/health.sh')], { env: { PATH: process.env.PATH, ...environment } }, (error, _, said) =>
      resolve({ code: error ? 1 : 0, said }),
    ),
  );
const good = { code: 0, said: '' };

/** A port that nobody listens on. */
const deadPort = (): Promise<string> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(String(port)));
    });
  });

describeProbe('the health check of the image', () => {
  it('passes a service that is ready, and says what is missing otherwise', async () => {
    const environment = { GREENSCREEN_CONTROL_PORT: String(lab().cloud.controlPort) };
    expect(await probe(environment)).toEqual(good);
    expect(await probe({ ...environment, GREENSCREEN_SERVICE: 'control' })).toEqual(good);
    // The gateway's port answers too, but not as a service does.
    const wrong = await probe({ GREENSCREEN_CONTROL_PORT: String(lab().cloud.httpPort) });
    expect(wrong).toEqual({ code: 1, said: expect.stringContaining('Not ready: HTTP/1.1 421') as unknown });
    expect(await probe({ GREENSCREEN_CONTROL_PORT: await deadPort() })).toMatchObject({ code: 1 });
  });

  it('passes the gateway by its plain port', async () => {
    const environment = { GREENSCREEN_SERVICE: 'gateway', GREENSCREEN_GATEWAY_PORT: '1' };
    expect(await probe({ ...environment, GREENSCREEN_GATEWAY_HTTP_PORT: String(lab().cloud.httpPort) })).toEqual(good);
    expect(await probe({ ...environment, GREENSCREEN_GATEWAY_HTTP_PORT: await deadPort() })).toMatchObject({ code: 1 });
  });

  describe('of the name server', () => {
    const hosts = emulatedServices.flatMap((service) => service.hosts);
    const servers: Awaited<ReturnType<typeof startNameServer>>[] = [];
    const start = async (answer: string): Promise<Record<string, string>> => {
      const server = await startNameServer({ hosts, answer, host: '127.0.0.1', port: Number(await deadPort()) });
      servers.push(server);
      return { GREENSCREEN_SERVICE: 'dns', GREENSCREEN_DNS_PORT: String(server.port) };
    };
    let resolving: Record<string, string>;
    let lost: Record<string, string>;
    beforeAll(async () => {
      resolving = await start('192.0.2.7');
      lost = await start('gateway.invalid');
    });
    afterAll(() => Promise.all(servers.map((server) => server.close())));

    it('passes it when it answers, and not while it finds no gateway', async () => {
      expect(await probe(resolving)).toEqual(good);
      expect(await probe(lost)).toEqual({ code: 1, said: expect.stringContaining('Not ready: ') as unknown });
    });
  });

  it('finds each port where the service has it from, in the environment of the image', () => {
    const set = Object.fromEntries(
      [...readFileSync(join(root, 'Dockerfile'), 'utf8').matchAll(/GREENSCREEN_(\w+)_PORT=(\d+)/g)].map(([, key = '', port]) => [
        key.toLowerCase(),
        Number(port),
      ]),
    );
    expect(set).toEqual({ ...servicePorts, dns: 53, gateway: 443, gateway_http: 80 });
  });
});
