/** States of an enrollment (06 D-B61). */
export const mdmEnrollmentStates = [
  'issued',
  'firstSync',
  'devicePrep',
  'deviceSetup',
  'provisioned',
  'userAssociated',
  'userSetup',
  'complete',
  'failed',
  'superseded',
  'retired',
] as const;
export type MdmEnrollmentState = (typeof mdmEnrollmentStates)[number];

/** What moves an enrollment on. */
export type MdmEnrollmentEvent =
  /** First SyncML message with the certificate. */
  | 'firstMessage'
  /** The Enrollment Status Page nodes were accepted: providers prepare. */
  | 'statusPageConfigured'
  /** ServerHasFinishedProvisioning was acknowledged (06 D-B44). */
  | 'serverFinished'
  /** WasDeviceSuccessfullyProvisioned 1 and IsSyncDone (06 D-B46). */
  | 'deviceProvisioned'
  /** WasDeviceSuccessfullyProvisioned 0, or a provider that never came up (06 D-B46, D-B47). */
  | 'deviceFailed'
  /** A page that had failed is tried again without a new enrollment (06 D-B25). */
  | 'retried'
  | 'userAssociated'
  | 'userSetupStarted'
  | 'userFinished'
  /** The same device enrolled anew. */
  | 'superseded'
  /** The managed device was deleted, or the device unenrolled. */
  | 'retired';

type Transitions = Readonly<Partial<Record<MdmEnrollmentEvent, MdmEnrollmentState>>>;

/** Endings of every enrollment that lives. */
const ends: Transitions = { superseded: 'superseded', retired: 'retired' };
const preparing: Transitions = { ...ends, deviceFailed: 'failed' };

/** State × event → state (reference 04, 6.2; 06 D-B44 to D-B47, D-B61). What is not listed does not happen. */
const transitions: Readonly<Record<MdmEnrollmentState, Transitions>> = {
  issued: { ...preparing, firstMessage: 'firstSync' },
  firstSync: { ...preparing, statusPageConfigured: 'devicePrep' },
  devicePrep: { ...preparing, serverFinished: 'deviceSetup' },
  deviceSetup: { ...preparing, deviceProvisioned: 'provisioned' },
  // A user who is signed in gets his part, whether or not anybody knows whose device it is (06 D-B45; reference 05, 99 and 109).
  provisioned: { ...ends, userAssociated: 'userAssociated', userSetupStarted: 'userSetup' },
  userAssociated: { ...ends, userSetupStarted: 'userSetup' },
  userSetup: { ...ends, userAssociated: 'userSetup', userFinished: 'complete' },
  complete: { ...ends, userAssociated: 'complete' },
  failed: { ...ends, retried: 'devicePrep' },
  superseded: {},
  retired: {},
};

/** The state after an event; undefined when the event means nothing in that state. */
export function nextEnrollmentState(state: MdmEnrollmentState, event: MdmEnrollmentEvent): MdmEnrollmentState | undefined {
  return transitions[state][event];
}

/** Whether OMA-DM still serves it. */
export const isLive = (state: MdmEnrollmentState): boolean => state !== 'superseded' && state !== 'retired';

/** States that {@link isLive} accepts, for queries. */
export const liveEnrollmentStates: readonly MdmEnrollmentState[] = mdmEnrollmentStates.filter(isLive);
