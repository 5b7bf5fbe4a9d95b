import { type CheckpointName, type DeviceContext } from '../context/index.js';
import { dsregStatus, renderDsregStatus } from '../join/index.js';
import { type UserCredentials } from '../token/index.js';
import { restart } from './boot.js';
import { computerName } from './computer-name.js';
import { enrollOnly } from './enroll-only.js';
import { type Installation } from './installation.js';
import { type PhaseResult } from './phase-result.js';
import { reseal } from './reseal.js';
import { type Technician, technicianPhase } from './technician-phase.js';
import { type UserAtTheDevice, userPhase } from './user-phase.js';
import { addWorkAccount } from './work-account.js';

export interface OobeOptions {
  /** As the OA3 tool reports it at the moment. */
  readonly hardwareHash: () => string;
  /** Notes a checkpoint and waits until whoever watches has looked. */
  readonly checkpoint: (name: CheckpointName) => Promise<void>;
  /** What a time server says; undefined when none answers. */
  readonly timeServer?: () => Promise<Date | undefined>;
}

/** The out-of-box experience of one Windows installation, from first boot to the user's desktop. */
export class OutOfBoxExperience {
  private readonly installation: Installation;

  constructor(
    private readonly context: DeviceContext,
    { hardwareHash, checkpoint, timeServer = async () => undefined }: OobeOptions,
  ) {
    const restarts = new Set<CheckpointName>();
    this.installation = {
      context,
      mode: 'unknown',
      hardwareHash,
      timeServer,
      restarts,
      checkpoint: async (name) => {
        await checkpoint(name);
        if (restarts.delete(name)) restart(this.installation);
      },
    };
  }

  /** Restarts at this checkpoint, once. */
  restartAt(checkpoint: CheckpointName): void {
    this.installation.restarts.add(checkpoint);
  }

  technicianPhase(technician?: Technician): Promise<PhaseResult> {
    return technicianPhase(this.installation, technician);
  }

  reseal(): Promise<void> {
    return reseal(this.installation);
  }

  userPhase(user: UserAtTheDevice): Promise<PhaseResult> {
    return userPhase(this.installation, user);
  }

  addWorkAccount(user: UserCredentials): Promise<PhaseResult> {
    return addWorkAccount(this.installation, user);
  }

  enrollOnly(user: UserCredentials): Promise<PhaseResult> {
    return enrollOnly(this.installation, user);
  }

  dsreg(): Record<string, string> {
    const { registration, prt, hello } = this.installation;
    return dsregStatus(this.context, registration, { computerName: computerName(this.context), prt, helloKeyId: hello?.keyId });
  }

  dsregcmd(): string {
    return renderDsregStatus(this.dsreg());
  }
}
