import { EntraDevice } from '@greenscreen/model/directory';
import { valueAt } from '@greenscreen/scenarios/expect';
import { findScenario } from '@greenscreen/scenarios/format';
import { type RunResult } from '@greenscreen/scenarios/run';
import { describe, expect, it } from '@jest/globals';
import { useLab } from '../support/lab.js';
import { deviations } from './records.support.js';

const lab = useLab();

/** Of Autopilot device, Entra device, managed device and deployment event. */
const recordIds = ({ outcome }: RunResult): unknown[] =>
  ['AP', 'DEV', 'MD', 'EVT'].map((name) => valueAt(outcome.snapshots.get('end'), `${name}.id`));

describe('a whole run', () => {
  it('is as expected, and its records at each checkpoint are those of reference 05, A.7', async () => {
    const result = await lab().replay();
    expect(result.differences).toEqual([]);
    expect(deviations(result)).toEqual([]);
  }, 120_000);

  it('05-53 several at once do not meet, nor does one run’s fault hit another', async () => {
    const broken = findScenario('aik-getcacaps-404');
    const [first, faulted, second] = await Promise.all([lab().replay(), lab().replay({ scenario: broken }), lab().replay()]);
    expect([first, faulted, second].map(({ differences }) => differences)).toEqual([[], [], []]);
    expect(faulted.outcome.screen).toBe('red');
    expect([first, second].map(deviations)).toEqual([[], []]);
    const ids = [first, second].flatMap(recordIds);
    expect(ids).not.toContain(undefined);
    expect(new Set(ids).size).toBe(8);
  }, 180_000);
});

describe('the comparison notices when', () => {
  it('the device does not leave Entra', async () => {
    const result = await lab().replay({ traits: { unjoin: 'skip' } });
    expect(deviations(result)).toEqual(
      expect.arrayContaining(['DEV.lifecycle at unjoined: not reached', 'AzureAdJoined at unjoined: not reached']),
    );
    expect(result.differences.map(({ what }) => what)).toContain('checkpoint unjoined');
  }, 120_000);

  it('the pre-created object is not disabled', async () => {
    const result = await lab().replay({
      atCheckpoint: async (checkpoint, { tenant }) => {
        if (checkpoint === 'imported')
          await lab().cloud.context.dataSource.manager.update(EntraDevice, { tenantId: tenant.id }, { accountEnabled: true });
      },
    });
    expect(deviations(result)).toContain('DEV.accountEnabled at imported: true');
    expect(result.differences.map(({ what }) => what)).toContain('DEV.accountEnabled at imported');
  }, 120_000);

  it('the challenge of the AIK authority is answered wrongly', async () => {
    const result = await lab().replay({ traits: { corruptChallengeAnswer: true } });
    expect(result.outcome.screen).toBe('red');
    expect(deviations(result)).toContain('AP.enrollmentState at joined: not reached');
    expect(result.entries.some((entry) => entry.kind === 'exchange' && entry.service === 'drs')).toBe(false);
  }, 120_000);
});
