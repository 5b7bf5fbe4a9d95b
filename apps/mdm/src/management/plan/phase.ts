import { type MdmEnrollmentState } from '@greenscreen/model/mdm-enrollment';
import { preparationProvider, providerState, SIDECAR } from '@greenscreen/wire/dm-tree';
import { type SessionWork } from '../session/session-work.js';

/** States in which the device part of the page has been green once (06 D-B45). */
const provisioned: readonly MdmEnrollmentState[] = ['provisioned', 'userAssociated', 'userSetup', 'complete'];

export const isProvisioned = ({ enrollment }: SessionWork): boolean => provisioned.includes(enrollment.state);

/** Whether a pass of the device part was configured and not yet finished. */
export const passIsOpen = ({ progress }: SessionWork): boolean => progress.devicePasses > progress.finishedPass;

/** Purposes that are no part of what ServerHasFinishedProvisioning waits for. */
const asides = ['probe', 'finish', 'unenroll'];

/** Whether every command for the device has its final status (06 D-B44). */
export const deviceHasEverything = ({ queue }: SessionWork): boolean =>
  queue.unfinished(({ scope, purpose }) => scope === 'device' && !asides.includes(purpose)).length === 0;

/** Whether the management extension is not needed, or was seen to be up (06 D-B42). What was up once stays so in later passes. */
export async function agentIsReady({ progress, nodes }: SessionWork): Promise<boolean> {
  if (progress.sidecar !== 'required') return true;
  const state = Number(await nodes.value(preparationProvider(SIDECAR, 'InstallationState')));
  return state === providerState.completed || state === providerState.notRequired;
}
