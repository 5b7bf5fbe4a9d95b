import { type DeviceNetwork } from '@greenscreen/device/context';
import { type SimulatedDevice } from '@greenscreen/device/machine';
import { type PhaseResult } from '@greenscreen/device/oobe';
import { encodeAutopilotCsv } from '@greenscreen/wire/autopilot-csv';
import { AdministratorError, importHardwareHash } from '../administrator/index.js';
import { type RunTenant } from '../cloud/index.js';
import { type FlowStep } from '../format/index.js';
import { type Observer } from './observer.js';

/** Everything that the steps of a flow work with. */
export interface Stage {
  readonly device: SimulatedDevice;
  /** The administrator's own computer. */
  readonly office: DeviceNetwork;
  readonly observer: Observer;
  readonly tenant: RunTenant;
  readonly user: { readonly upn: string; readonly password: string };
  readonly signal?: AbortSignal;
}

/** How a flow ended: the last phase's page, or none when there was no phase. */
export type FlowEnd =
  PhaseResult | { readonly screen: 'none'; readonly hresult?: undefined; readonly disposition?: undefined; readonly text?: undefined };

/** Plays the steps in order. A phase that does not end well ends the flow: what follows needs what it should have left. */
export async function play(flow: readonly FlowStep[], stage: Stage): Promise<FlowEnd> {
  let end: FlowEnd = { screen: 'none' };
  for (const step of flow) {
    stage.signal?.throwIfAborted();
    if (typeof step === 'object') await stage.device.context.clock.wait(step.wait, 'the scenario waits');
    else end = (await phases[step](stage)) ?? end;
    if (!['none', 'green', 'desktop'].includes(end.screen)) return end;
  }
  return end;
}

const phases: Readonly<Record<Exclude<FlowStep, object>, (stage: Stage) => Promise<PhaseResult | undefined>>> = {
  register,
  technician: ({ device }) => device.technicianPhase(),
  reseal: async ({ device }) => {
    await device.reseal();
    return undefined;
  },
  user: ({ device, user }) => device.userPhase(user),
};

/** T0: the administrator imports the hardware hash, before the PC is ever switched on (reference 05, A.3). */
async function register({ device, office, observer, tenant }: Stage): Promise<undefined> {
  const { clock, timeline, traits } = device.context;
  timeline.note({ kind: 'phase', phase: 'register' });
  const { failed } = await importHardwareHash((request) => office.http(request), {
    tenantId: tenant.id,
    clientId: tenant.clientId,
    clientSecret: tenant.clientSecret,
    csv: encodeAutopilotCsv([
      { serialNumber: traits.serial, productId: '', hardwareHash: device.hardwareHash(), groupTag: '', assignedUser: '' },
    ]),
    assign: true,
    pause: (milliseconds) => clock.wait(milliseconds, 'the administrator waits for the import'),
  });
  for (const { errorCode, errorName } of failed) throw new AdministratorError('import', `${traits.serial}: ${errorCode} ${errorName}`);
  timeline.note({ kind: 'checkpoint', checkpoint: 'imported' });
  await observer.lookAt('imported', clock.now());
}
