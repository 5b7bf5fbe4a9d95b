import { type Cloud, startCloud } from '@greenscreen/all';
import { KeyPool } from '@greenscreen/crypto/keys';
import { createLogger } from '@greenscreen/host/logging';
import { EntraDevice } from '@greenscreen/model/directory';
import { findScenario } from '@greenscreen/scenarios/format';
import { type RunOptions, type RunResult, runScenario } from '@greenscreen/scenarios/run';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sharedDatabase } from '../support/database.js';
import { deviations } from './records.support.js';

const keys = new KeyPool({ rsa2048: 4 });
let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud({
    url: await sharedDatabase(),
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
  await cloud.close();
});

const replay = (options: Partial<RunOptions> = {}): Promise<RunResult> =>
  runScenario({
    scenario: findScenario('happy-entra-preprovision'),
    cloud: {
      gateway: { host: '127.0.0.1', port: cloud.gatewayPort, httpPort: cloud.httpPort },
      control: `http://127.0.0.1:${cloud.controlPort}`,
    },
    tpm: 'software',
    keys,
    ...options,
  });

describe('a whole run', () => {
  it('is as expected, and its records at each checkpoint are those of reference 05, A.7', async () => {
    const result = await replay();
    expect(result.differences).toEqual([]);
    expect(deviations(result)).toEqual([]);
  }, 120_000);

  it('several at once do not meet (05-53)', async () => {
    const results = await Promise.all([replay(), replay(), replay()]);
    expect(results.map(({ differences }) => differences)).toEqual([[], [], []]);
    for (const result of results) expect(deviations(result)).toEqual([]);
    expect(new Set(results.map(({ outcome }) => JSON.stringify(outcome.snapshots.get('end')))).size).toBe(3);
  }, 180_000);
});

describe('the comparison notices when', () => {
  it('the device does not leave Entra', async () => {
    const result = await replay({ traits: { unjoin: 'skip' } });
    expect(deviations(result)).toEqual(
      expect.arrayContaining(['DEV.lifecycle at unjoined: not reached', 'AzureAdJoined at unjoined: not reached']),
    );
    expect(result.differences.map(({ what }) => what)).toContain('checkpoint unjoined');
  }, 120_000);

  it('the pre-created object is not disabled', async () => {
    const result = await replay({
      atCheckpoint: async (checkpoint, { tenant }) => {
        if (checkpoint === 'imported')
          await cloud.context.dataSource.manager.update(EntraDevice, { tenantId: tenant.id }, { accountEnabled: true });
      },
    });
    expect(deviations(result)).toContain('DEV.accountEnabled at imported: true');
    expect(result.differences.map(({ what }) => what)).toContain('DEV.accountEnabled at imported');
  }, 120_000);

  it('the challenge of the AIK authority is answered wrongly', async () => {
    const result = await replay({ traits: { corruptChallengeAnswer: true } });
    expect(result.outcome.screen).toBe('red');
    expect(deviations(result)).toContain('AP.enrollmentState at joined: not reached');
    expect(result.entries.some((entry) => entry.kind === 'exchange' && entry.service === 'drs')).toBe(false);
  }, 120_000);
});
