import { type ServiceDefinition } from '@greenscreen/host/service';
import { ControlModule } from './control.module.js';
import { type RunnerLoader } from './runs/scenario-runner.js';

export { type RunnerLoader, type ScenarioRunner } from './runs/scenario-runner.js';

/** A lab file comes in one piece. */
const BODY_LIMIT = 128 * 1024 * 1024;

/** The lab's own API: on its own port, never on a Microsoft host name. Without a runner it plays no scenarios. */
export const controlWith = (runner?: RunnerLoader): ServiceDefinition => ({
  name: 'control',
  hosts: [],
  module: ControlModule.with(runner),
  bodyLimit: BODY_LIMIT,
});

export const control: ServiceDefinition = controlWith();
