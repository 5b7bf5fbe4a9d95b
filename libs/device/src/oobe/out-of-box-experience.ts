import { type CheckpointName, type DeviceContext } from '../context/index.js';
import { dsregStatus, renderDsregStatus } from '../join/index.js';
import { computerName } from './computer-name.js';
import { type Installation } from './installation.js';
import { type PhaseResult } from './phase-result.js';
import { reseal } from './reseal.js';
import { technicianPhase } from './technician-phase.js';
import { type UserAtTheDevice, userPhase } from './user-phase.js';

export interface OobeOptions {
  /** As the OA3 tool reports it. */
  readonly hardwareHash: string;
  /** Notes a checkpoint and waits until whoever watches has looked. */
  readonly checkpoint: (name: CheckpointName) => Promise<void>;
}

/** The out-of-box experience of one Windows installation, from first boot to the user's desktop. */
export class OutOfBoxExperience {
  private readonly installation: Installation;

  constructor(
    private readonly context: DeviceContext,
    options: OobeOptions,
  ) {
    this.installation = { context, mode: 'unknown', ...options };
  }

  technicianPhase(): Promise<PhaseResult> {
    return technicianPhase(this.installation);
  }

  reseal(): Promise<void> {
    return reseal(this.installation);
  }

  userPhase(user: UserAtTheDevice): Promise<PhaseResult> {
    return userPhase(this.installation, user);
  }

  dsreg(): Record<string, string> {
    const { registration, prt, hello } = this.installation;
    return dsregStatus(this.context, registration, { computerName: computerName(this.context), prt, helloKeyId: hello?.keyId });
  }

  dsregcmd(): string {
    return renderDsregStatus(this.dsreg());
  }
}
