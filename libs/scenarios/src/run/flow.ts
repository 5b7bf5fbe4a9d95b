import { type KeyPool } from '@greenscreen/crypto/keys';
import { type DeviceNetwork } from '@greenscreen/device/context';
import { type SimulatedDevice } from '@greenscreen/device/machine';
import { type PhaseResult } from '@greenscreen/device/oobe';
import { type ControlClient, type RunTenant } from '../cloud/index.js';
import { type FlowStep, type Scenario } from '../format/index.js';
import { type FaultBench } from './fault-bench.js';
import { type Observer } from './observer.js';
import { register } from './register.js';
import { strangerOf, userOf } from './user.js';
import { doVerb } from './verbs.js';

/** Everything that the steps of a flow work with. */
export interface Stage {
  readonly device: SimulatedDevice;
  /** The administrator's own computer. */
  readonly office: DeviceNetwork;
  readonly control: ControlClient;
  readonly observer: Observer;
  readonly bench: FaultBench;
  readonly tenant: RunTenant;
  readonly keys: KeyPool;
  /** The serial number that the administrator knows. */
  readonly serial: string;
  /** As it is now: steps may change device and tenant. */
  scenario: Scenario;
  readonly signal?: AbortSignal;
}

/** How a flow ended: the last phase's page, or none when there was no phase. */
export type FlowEnd = (
  PhaseResult | { readonly screen: 'none'; readonly hresult?: undefined; readonly disposition?: undefined; readonly text?: undefined }
) & {
  /** Device time of the last phase, in milliseconds. */
  readonly elapsed: number;
};

const good = ['none', 'green', 'desktop'];
const nothingYet: FlowEnd = { screen: 'none', elapsed: 0 };

/**
 * Plays the steps in order. After a phase that did not end well the flow goes on only to what tries again, repairs or begins anew: what a
 * later phase needs is not there.
 */
export async function play(flow: readonly FlowStep[], stage: Stage): Promise<FlowEnd> {
  let end: FlowEnd = nothingYet;
  for (const [index, step] of flow.entries()) {
    stage.signal?.throwIfAborted();
    if (!good.includes(end.screen) && !leadsOn(flow.slice(index))) return end;
    const phase = phaseOf(step);
    if (phase === undefined) await doVerb(step, stage);
    if (isReset(step)) end = nothingYet;
    else if (phase !== undefined) end = (await playPhase(phase, stage)) ?? end;
  }
  return end;
}

const isReset = (step: FlowStep): boolean => typeof step === 'object' && 'reset' in step;

type Phase = Extract<FlowStep, string>;

const phaseOf = (step: FlowStep): Phase | undefined => (typeof step === 'string' ? step : 'retry' in step ? step.retry : undefined);

/** Whether the next step that is more than a small change tries again, registers or resets. */
function leadsOn(rest: readonly FlowStep[]): boolean {
  const next = rest.find((step) => typeof step === 'string' || 'retry' in step || 'reset' in step);
  return next === 'register' || typeof next === 'object';
}

async function playPhase(phase: Phase, stage: Stage): Promise<FlowEnd | undefined> {
  const { clock } = stage.device.context;
  const start = clock.now().getTime();
  const result = await phases[phase](stage);
  return result && { ...result, elapsed: clock.now().getTime() - start };
}

const phases: Readonly<Record<Phase, (stage: Stage) => Promise<PhaseResult | undefined>>> = {
  register,
  technician,
  reseal: async ({ device }) => {
    await device.reseal();
    return undefined;
  },
  user: async ({ device, scenario, tenant, control }) =>
    device.userPhase(scenario.device.user.tenant === 'other' ? await strangerOf(scenario, control) : userOf(scenario, tenant, control)),
  'work-account': async ({ device, scenario, tenant, control }) => device.addWorkAccount(userOf(scenario, tenant, control)),
  'enroll-only': async ({ device, scenario, tenant, control }) => device.enrollOnly(userOf(scenario, tenant, control)),
};

/** The technician presses what the scenario says when the page is red: once. */
async function technician(stage: Stage): Promise<PhaseResult> {
  const { device, scenario } = stage;
  const { on_red: onRed, on_whitegloveupdate: onUpdatePage } = scenario.device.technician;
  const result = await device.technicianPhase({ onUpdatePage });
  if (result.screen !== 'red' || onRed === 'stop') return result;
  if (onRed === 'reset') device.reset();
  return device.technicianPhase({ onUpdatePage });
}
