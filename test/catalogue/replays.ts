import { type Cloud, startCloud } from '@greenscreen/all';
import { KeyPool } from '@greenscreen/crypto/keys';
import { createLogger } from '@greenscreen/host/logging';
import { type Scenario } from '@greenscreen/scenarios/format';
import { type RunOptions, type RunResult, runScenario } from '@greenscreen/scenarios/run';
import { afterAll, beforeAll } from '@jest/globals';
import { ownDatabase } from '../support/database.js';

export type Replay = (scenario: Scenario, options?: Partial<RunOptions>) => Promise<RunResult>;

/**
 * A whole cloud for the tests of this file, and the way to replay a scenario against it. Its database is its own: faults of the handshake are
 * for whoever connects.
 */
export function useReplays(name: string): Replay {
  const keys = new KeyPool({ rsa2048: 4 });
  let cloud: Cloud | undefined;
  beforeAll(async () => {
    cloud = await startCloud({
      url: await ownDatabase(name),
      host: '127.0.0.1',
      gatewayPort: 0,
      httpPort: 0,
      controlPort: 0,
      empty: true,
      ephemeral: false,
      logger: createLogger({ level: 'silent' }),
    });
  }, 60_000);
  afterAll(async () => {
    keys.close();
    await cloud?.close();
  });
  return (scenario, options = {}) => {
    if (!cloud) throw new Error('The cloud is running only inside tests');
    return runScenario({
      scenario,
      cloud: {
        gateway: { host: '127.0.0.1', port: cloud.gatewayPort, httpPort: cloud.httpPort },
        control: `http://127.0.0.1:${cloud.controlPort}`,
      },
      tpm: 'software',
      keys,
      ...options,
    });
  };
}

/**
 * The results of a list of jobs, asked for in their order: while one is waited for, the next are on their way already, so that processor and
 * database are both busy. Which of them are asked for at all is up to the tests that are run.
 */
export function inAdvance<T>(jobs: readonly (() => Promise<T>)[], atOnce: number): (index: number) => Promise<T> {
  const started = new Map<number, Promise<T>>();
  return (index) => {
    for (let next = index; next < Math.min(index + atOnce, jobs.length); next += 1) {
      const job = jobs[next];
      if (!job || started.has(next)) continue;
      const result = job();
      // Whoever asks for it learns of its failure.
      result.catch(() => undefined);
      started.set(next, result);
    }
    const result = started.get(index);
    if (!result) throw new RangeError(`There is no job ${index}`);
    return result;
  };
}
