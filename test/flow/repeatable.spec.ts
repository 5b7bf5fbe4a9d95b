import { findScenario, type Scenario } from '@greenscreen/scenarios/format';
import { type RunResult, seededTenant } from '@greenscreen/scenarios/run';
import { describe, expect, it } from '@jest/globals';
import { ownDatabase } from '../support/database.js';
import { useLab } from '../support/lab.js';
import { exactStoryOf, storyOf } from './story.support.js';

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

describe('the same seed', () => {
  const replayInNewCloud = async (scenario: Scenario): Promise<RunResult> => {
    await lab().control.reset();
    return lab().replay({ scenario, tenant: seededTenant({ ...scenario, seed: 1 }, 1) });
  };

  it.each([
    ['happy-entra-preprovision', 200],
    ['esp-win32-detection', 200],
    ['aik-getcacaps-404', 50],
    ['user-lost-join', 200],
  ])(
    'gives the same run again: ids, order, events, records, timeline (%s)',
    async (name, lines) => {
      const scenario = findScenario(name);
      const runs = [await replayInNewCloud(scenario), await replayInNewCloud(scenario)];
      const [first, second] = runs.map(exactStoryOf);
      expect(first?.length).toBeGreaterThan(lines);
      expect(second).toEqual(first);
      expect(second?.join('\n')).toBe(first?.join('\n'));
      const [one, other] = runs.map(ownIds);
      expect(one?.activities.length).toBeGreaterThan(0);
      expect(other).toEqual(one);
    },
    120_000,
  );

  it('is what does it: another has other ids and the same story', async () => {
    const scenario = findScenario('happy-entra-preprovision');
    const [first, other] = [await replayInNewCloud(scenario), await replayInNewCloud({ ...scenario, seed: 2 })];
    expect(other.run).not.toBe(first.run);
    expect(ownIds(other).activities).not.toEqual(ownIds(first).activities);
    expect(exactStoryOf(other)).not.toEqual(exactStoryOf(first));
    expect(storyOf(other)).toEqual(storyOf(first));
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
