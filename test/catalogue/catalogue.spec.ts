import { catalogue, findScenario, type Scenario } from '@greenscreen/scenarios/format';
import { judge, type Outcome, withScreen } from '@greenscreen/scenarios/expect';
import { describe, expect, it } from '@jest/globals';
import { needsCloudAlone, type RunResult } from '@greenscreen/scenarios/run';
import { mutantsOf } from './mutants.js';
import { inAdvance, useReplays } from './replays.js';

/** More at once do not help: the processor is what they wait for. */
const AT_ONCE = 3;
const HAPPY = 'happy-entra-preprovision';

/** Conformance cases of reference 05 that a file is, word for word. */
const cases: Readonly<Record<string, string>> = {
  'mdm-one-time-limit': '05-25 the second enrollment of one registration is refused until it is allowed',
  'mdm-two-apps': '05-45 two MDM applications stop the device before it enrolls',
  'profile-preprov-not-allowed': '05-31 a profile without pre-provisioning is refused at enrollment',
};

const replay = useReplays('catalogue');
const scenarios = catalogue().map(findScenario);

/** `05-45 … [mdm-two-apps, 05 B 62]` */
const title = ({ id, catalogue: number, title: text }: Scenario): string =>
  `${cases[id] ?? text} [${id}${number === undefined ? '' : `, 05 B ${number}`}]`;

/** What a run leaves behind is large: only what is compared is kept. */
const compared = ({ scenario, outcome, differences }: RunResult) => ({
  differences,
  unnoticed: mutantsOf(withScreen(scenario.expect, scenario.flow))
    .filter(({ expected }) => judge(expected, outcome).length === 0)
    .map(({ what }) => what),
});

describe.each([
  { how: 'beside others', group: scenarios.filter((scenario) => !needsCloudAlone(scenario)), atOnce: AT_ONCE },
  { how: 'alone', group: scenarios.filter(needsCloudAlone), atOnce: 1 },
])('each scenario of the catalogue, $how,', ({ group, atOnce }) => {
  const result = inAdvance(
    group.map((scenario) => async () => compared(await replay(scenario))),
    atOnce,
  );
  const rows = group.map((scenario, index) => ({ name: title(scenario), index }));
  it.each(rows)(
    '$name: as expected, and again after its fix',
    async ({ index }) => {
      expect((await result(index)).differences).toEqual([]);
    },
    120_000,
  );
  it.each(rows)(
    '$name: fails when it names another HRESULT or another event',
    async ({ index }) => {
      expect((await result(index)).unnoticed).toEqual([]);
    },
    120_000,
  );
});

describe('without what is wrong in it, the expectation fails of', () => {
  const happy = findScenario(HAPPY);
  const outcomes = new Map<string, Promise<Outcome>>();
  const lastPhase = ({ flow }: Scenario): string => (flow.some((step) => step === 'user') ? 'user' : 'technician');

  /**
   * The scenario without its faults, on the same device in the same tenant. Where there are no faults it is the device, the tenant or a step
   * that is wrong: without those it is the happy run. Most are one of two runs, by their last phase.
   */
  const healed = (scenario: Scenario): Scenario => {
    const flow = lastPhase(scenario) === 'user' ? happy.flow : ['register' as const, 'technician' as const];
    const { clock, device, tenant } = scenario.faults.length > 0 ? scenario : happy;
    return { ...happy, clock, device, tenant, flow };
  };
  const healedOutcome = (scenario: Scenario): Promise<Outcome> => {
    const wanted = healed(scenario);
    const { clock, device, tenant, flow } = wanted;
    const key = JSON.stringify({ clock, device, tenant, flow });
    const outcome = outcomes.get(key) ?? replay(wanted).then((run) => run.outcome);
    outcomes.set(key, outcome);
    return outcome;
  };

  it.each(scenarios.filter(({ catalogue: entry }) => entry !== undefined).map((scenario) => ({ name: title(scenario), scenario })))(
    '$name',
    async ({ scenario }) => {
      const differences = judge(withScreen(scenario.expect, scenario.flow), await healedOutcome(scenario));
      expect(differences).not.toEqual([]);
    },
    120_000,
  );
});

it('05-51 a fault that is never met fails its scenario, whatever the run leads to', async () => {
  const scenario = findScenario('drs-503');
  const { differences } = await replay({
    ...scenario,
    faults: [...scenario.faults, { service: 'drs', on: 'Unjoin', match: {}, action: { hold: true }, marked: true }],
  });
  expect(differences).toEqual([{ what: 'fault drs Unjoin', expected: 'triggered', actual: 'fault-not-triggered' }]);
}, 120_000);
