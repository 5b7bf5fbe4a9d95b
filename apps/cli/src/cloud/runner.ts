import { type ScenarioRunner } from '@greenscreen/all';
import { type CloudAddress } from '@greenscreen/scenarios/run';

/** What plays the runs that the control API of this process is asked for. Loaded with the first of them: a start does not wait for a device. */
export const runnerFor = async (cloud: CloudAddress): Promise<ScenarioRunner> =>
  (await import('@greenscreen/scenarios/runner')).createRunner(cloud);
