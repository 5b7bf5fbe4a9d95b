import { KeyPool } from '@greenscreen/crypto/keys';
import { emulatedNames } from '@greenscreen/testcontainers';
import { findScenario } from '@greenscreen/scenarios/format';
import { type RunResult, runScenario } from '@greenscreen/scenarios/run';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DockerComposeEnvironment, Wait } from 'testcontainers';
import { parse } from 'yaml';
import { nameServer, root, staying, useComposed } from './composed.js';

const composed = useComposed();
const keys = new KeyPool({ rsa2048: 8 });
afterAll(() => keys.close());

const replay = (): Promise<RunResult> =>
  runScenario({ scenario: findScenario('happy-entra-preprovision'), cloud: composed().address, tpm: 'software', keys });

describe('the composed services', () => {
  it('serve a whole run as expected', async () => {
    const { differences, scenario } = await replay();
    expect({ id: scenario.id, differences }).toEqual({ id: 'happy-entra-preprovision', differences: [] });
  }, 120_000);

  it.each(staying.filter((name) => name !== 'db'))('%s has no root user and cannot write to its own files', async (name) => {
    const container = composed().environment.getContainer(`${name}-1`);
    const { exitCode, output } = await container.exec(['sh', '-c', 'id -u; touch /app/x']);
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/^1000$/m);
    expect(output).toMatch(/Read-only file system/);
  });
});

describe('a container of another project, with only its name resolution and trust pointed here as the guide says', () => {
  const client = new DockerComposeEnvironment(join(root, 'test/containers/client'), [
    'docker-compose.yml',
    '../../../docs/examples/greenscreen.override.yml',
  ])
    .withBuild()
    .withDefaultWaitStrategy(Wait.forAll([]));

  it('completes a token request and a join with curl', async () => {
    const { project, control } = composed();
    const { users, password } = await control.createTenant();
    const started = await client
      .withProjectName(`${project}-client`)
      .withEnvironment({ GREENSCREEN_PROJECT: project, GREENSCREEN_DNS: nameServer })
      .up();
    try {
      const app = started.getContainer('app-1');
      const run = (...command: string[]) => app.exec(command);
      const joined = await run('/examples/join-with-curl.sh', users[1] ?? '', password);
      expect(joined).toMatchObject({ exitCode: 0, output: expect.stringMatching(/^issuer=.*CN = MS-Organization-Access/) as unknown });
      // A name that no network alias knows, by the name server; and one that it refuses.
      expect((await run('getent', 'hosts', 'ntc-keyid-01.microsoftaik.azure.net')).exitCode).toBe(0);
      expect(await run('env', '-u', 'CURL_CA_BUNDLE', '-u', 'SSL_CERT_FILE', 'curl', '-s', 'https://graph.microsoft.com/')).toMatchObject({
        exitCode: 60, // not trusted without the volume's roots
      });
    } finally {
      await started.down({ removeVolumes: true, timeout: 0 });
    }
  }, 180_000);

  it('finds every name that can be listed in the network', () => {
    const compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
      services: { gateway: { networks: { lab: { aliases: string[] } } } };
    };
    expect(compose.services.gateway.networks.lab.aliases).toEqual(emulatedNames);
  });
});

/** How many runs meet containers that die, and how many at once; more of them take a larger machine. */
const RUNS = Number(process.env.GREENSCREEN_CONTAINER_RUNS ?? 9);
const AT_ONCE = Number(process.env.GREENSCREEN_CONTAINER_RUNS_AT_ONCE ?? 4);
/** A run may meet every one of the deaths. */
const TRIES = 10;

describe('containers that are killed', () => {
  it('lose no run that retries, whichever it is', async () => {
    const victims = staying.filter((name) => name !== 'dns');
    let deaths: Promise<unknown> = Promise.resolve();
    /** Dies at once and comes again, as the engine's restart policy brings it; resolved when it is healthy. */
    const kill = (name: string): void => {
      deaths = deaths.then(() => composed().environment.getContainer(`${name}-1`).restart({ timeout: 0 }));
    };
    const untilDone = async (): Promise<number | undefined> => {
      for (let count = 1; count <= TRIES; count += 1) {
        if (await asExpected()) return count;
        await deaths;
      }
      return undefined;
    };
    const tries = await inParallel(RUNS, AT_ONCE, (index) => {
      victims.filter((_, place) => Math.floor((place * RUNS) / victims.length) === index).forEach(kill);
      return untilDone();
    });
    await deaths;
    expect(tries.filter((count) => count === undefined)).toEqual([]);
    expect(tries.some((count) => (count ?? 0) > 1)).toBe(true); // some were hit
  }, 900_000);
});

/** Whether a run goes as expected; when the control API dies under it, it does not. */
const asExpected = (): Promise<boolean> =>
  replay().then(
    ({ differences }) => differences.length === 0,
    () => false,
  );

async function inParallel<T>(count: number, atOnce: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) results[index] = await work(index);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
  return results;
}
