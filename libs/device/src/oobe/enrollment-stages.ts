import { type DeviceContext, DeploymentError, hex, NetworkError } from '../context/index.js';
import { type Disposition } from './phase-result.js';

/** Names that events 179 to 181 print (reference 06, D-B54). */
export type StageName = 'AADDiscover' | 'AADConfigure' | 'AADEnroll' | 'DeviceDiscovery' | 'AADTicket' | 'MDMEnrolling';

/** The number that the Enrollment Status Page shows when a stage fails; DRS discovery counts as configuring (reference 06, D-B54). */
const dispositions: Readonly<Record<StageName, Disposition>> = {
  AADDiscover: 2,
  AADConfigure: 2,
  AADEnroll: 3,
  DeviceDiscovery: 4,
  AADTicket: 5,
  MDMEnrolling: 6,
};

export interface Stage {
  readonly name: StageName;
  run(): Promise<void>;
}

/** A stage of the device's enrollment failed. */
export class StageError extends DeploymentError {
  constructor(
    hresult: number,
    readonly disposition: Disposition,
    message: string,
    options?: ErrorOptions,
  ) {
    super(hresult, message, options);
    this.name = 'StageError';
  }
}

/**
 * `performDeviceEnrollment`: the stages in order, stopping at the first that fails (reference 05, T9 and C.7.2; events 178 to 181 and 302 as
 * in 06, D-B55). Event 303 is for the caller, since more comes before it. Throws {@link StageError}.
 */
export async function runStages({ events }: Pick<DeviceContext, 'events'>, stages: readonly Stage[]): Promise<void> {
  events.emit('autopilot', 178, { state: 'Initial' });
  for (const stage of stages) {
    const { name } = stage;
    events.emit('autopilot', 179, { state: name });
    try {
      await stage.run();
    } catch (error) {
      if (!(error instanceof DeploymentError) && !(error instanceof NetworkError)) throw error;
      events.emit('autopilot', 180, { state: name, HRESULT: hex(error.hresult) });
      events.emit('autopilot', 302, { state: name, HRESULT: hex(error.hresult) });
      throw new StageError(error.hresult, dispositions[name], error.message, { cause: error });
    }
    events.emit('autopilot', 181, { state: name, HRESULT: '0x0' });
  }
}
