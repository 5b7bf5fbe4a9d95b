import { type AttestedIdentity } from '../attest/index.js';
import { type CheckpointName, type DeviceContext } from '../context/index.js';
import { type MdmEnrollment } from '../enroll/index.js';
import { type StatusPage } from '../esp/index.js';
import { type HelloRegistration, type Registration, type RegistrationService } from '../join/index.js';
import { type DeviceManagement } from '../management/index.js';
import { type DeviceIdentity } from '../msa/index.js';
import { type AutopilotProfile } from '../profile/index.js';
import { type PrimaryRefreshToken } from '../token/index.js';

/** `AutopilotMode` of the out-of-box experience (reference 05, A.2). */
export type AutopilotMode = 'unknown' | 'whiteGloveCanonical' | 'whiteGloveResealed';

/** What the out-of-box experience of one Windows installation has come to; every part of it works on this. */
export interface Installation {
  readonly context: DeviceContext;
  /** As the OA3 tool reports it at the moment. */
  readonly hardwareHash: () => string;
  /** Notes a checkpoint and waits until whoever watches has looked. */
  readonly checkpoint: (name: CheckpointName) => Promise<void>;
  /** What a time server says; undefined when none answers. */
  readonly timeServer: () => Promise<Date | undefined>;
  /** Checkpoints at which the PC restarts when it comes there the next time. */
  readonly restarts: Set<CheckpointName>;
  mode: AutopilotMode;
  /** At login.live.com. */
  identity?: DeviceIdentity;
  profile?: AutopilotProfile;
  attested?: AttestedIdentity;
  service?: RegistrationService;
  /** In Entra; gone between the unjoin and the user's join. */
  registration?: Registration;
  enrollment?: MdmEnrollment;
  management?: DeviceManagement;
  page?: StatusPage;
  /** Of the user who signs in, for MDM. */
  refreshToken?: string | undefined;
  prt?: PrimaryRefreshToken;
  hello?: HelloRegistration;
  /** MDM was told whose device it is. */
  associated?: boolean;
  /** A restart has taken the credentials that would have signed the user in to Windows (reference 05, 98). */
  credentialsLost?: boolean;
}

/** A part that must be there by now: the phases run in order. */
export function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`The out-of-box experience has no ${what} yet`);
  return value;
}
