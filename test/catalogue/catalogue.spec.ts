import { catalogue, findScenario, type Scenario } from '@greenscreen/scenarios/format';
import { judge, type Outcome, withScreen } from '@greenscreen/scenarios/expect';
import { describe, expect, it } from '@jest/globals';
import { needsCloudAlone } from '@greenscreen/scenarios/run';
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

describe.each([
  { how: 'beside others', group: scenarios.filter((scenario) => !needsCloudAlone(scenario)), atOnce: AT_ONCE },
  { how: 'alone', group: scenarios.filter(needsCloudAlone), atOnce: 1 },
])('each scenario of the catalogue, $how, is as expected, and again after its fix', ({ group, atOnce }) => {
  const result = inAdvance(
    // What a run leaves behind is large: only what is compared is kept.
    group.map((scenario) => async () => (await replay(scenario)).differences),
    atOnce,
  );
  it.each(group.map((scenario, index) => ({ name: title(scenario), index })))(
    '$name',
    async ({ index }) => {
      expect(await result(index)).toEqual([]);
    },
    120_000,
  );
});

describe('on a healthy device in a healthy cloud the expectation fails of', () => {
  /** All scenarios without their faults, their changes and what they say of device and tenant are one of two runs, by their last phase. */
  const happy = findScenario(HAPPY);
  const outcomes = new Map<string, Promise<Outcome>>();
  const healthyOutcome = (phase: string): Promise<Outcome> => {
    const flow = phase === 'user' ? happy.flow : ['register' as const, 'technician' as const];
    const outcome = outcomes.get(phase) ?? replay({ ...happy, flow }).then((run) => run.outcome);
    outcomes.set(phase, outcome);
    return outcome;
  };
  const lastPhase = ({ flow }: Scenario): string => (flow.some((step) => step === 'user') ? 'user' : 'technician');

  it.each(scenarios.filter(({ id }) => id !== HAPPY).map((scenario) => ({ name: title(scenario), scenario })))(
    '$name',
    async ({ scenario }) => {
      const differences = judge(withScreen(scenario.expect, scenario.flow), await healthyOutcome(lastPhase(scenario)));
      expect(differences).not.toEqual([]);
    },
    120_000,
  );
});
