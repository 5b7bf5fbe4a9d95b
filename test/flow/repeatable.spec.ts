import { findScenario, type Scenario } from '@greenscreen/scenarios/format';
import { type RunResult } from '@greenscreen/scenarios/run';
import { describe, expect, it } from '@jest/globals';
import { ownDatabase } from '../support/database.js';
import { useLab } from '../support/lab.js';
import { storyOf } from './story.support.js';

const lab = useLab(() => ownDatabase('repeatable'));

/** A scenario as far as its expectation, without its fix. */
const without = (name: string): Scenario => {
  const scenario = { ...findScenario(name) };
  delete scenario.fix;
  return scenario;
};

/** What a run is called, and what makes its PC unique: from the seed, literally. */
const ownIds = ({ run, tenant, computerName, entries, registry, dsregcmd }: RunResult) => ({
  run,
  tenant,
  computerName,
  activities: entries.flatMap((entry) => (entry.kind === 'event' && 'ActivityId' in entry.data ? [entry.data.ActivityId] : [])),
  keys: Object.keys(registry).length,
  checkpoints: [...dsregcmd.keys()],
});

const tenant = {
  id: '0e6d3c52-8f0b-4c9a-9a3e-5d2f1b7c4a10',
  initialDomain: 'repeatable.onmicrosoft.com',
  domains: ['repeatable.example'],
  clientId: '7a1f0c3d-2b4e-4d5f-8a6b-9c0d1e2f3a4b',
};

describe('the same seed', () => {
  const runs: RunResult[] = [];

  it('gives the same run again: ids, order, events, records, timeline', async () => {
    for (let time = 0; time < 2; time += 1) {
      await lab().control.reset();
      runs.push(await lab().replay({ tenant }));
    }
    const [first, second] = runs.map(storyOf);
    expect(first?.length).toBeGreaterThan(200);
    expect(second).toEqual(first);
    expect(second?.join('\n')).toBe(first?.join('\n'));
    const [one, other] = runs.map(ownIds);
    expect(one?.activities.length).toBeGreaterThan(0);
    expect(other).toEqual(one);
  }, 120_000);

  it('is what does it: another has other ids and the same story', async () => {
    await lab().control.reset();
    const other = await lab().replay({ tenant, scenario: { ...findScenario('happy-entra-preprovision'), seed: 2 } });
    const [first] = runs;
    expect(other.run).not.toBe(first?.run);
    expect(first && ownIds(other).activities).not.toEqual(first && ownIds(first).activities);
    expect(first && storyOf(other)).toEqual(first && storyOf(first));
  }, 120_000);
});

describe('eight scenarios', () => {
  const names = [
    'happy-entra-preprovision',
    'aik-getcacaps-404',
    'join-object-deleted',
    'mdm-two-apps',
    'mdm-one-time-limit',
    'esp-win32-detection',
    'profile-not-registered',
    'user-lost-join',
  ];

  it('at once, in eight tenants, give the same results as one after the other', async () => {
    const scenarios = names.map(without);
    const oneByOne: RunResult[] = [];
    for (const scenario of scenarios) oneByOne.push(await lab().replay({ scenario }));
    const atOnce = await Promise.all(scenarios.map((scenario) => lab().replay({ scenario })));
    for (const runs of [oneByOne, atOnce]) expect(runs.map(({ differences }) => differences)).toEqual(names.map(() => []));
    const stories = (runs: readonly RunResult[]) => runs.map((run) => storyOf(run));
    expect(stories(atOnce)).toEqual(stories(oneByOne));
    expect(new Set([...oneByOne, ...atOnce].map((run) => run.tenant.id)).size).toBe(16);
  }, 300_000);
});
