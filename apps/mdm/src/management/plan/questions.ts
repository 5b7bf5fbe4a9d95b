import { dmBatch } from '@greenscreen/model/mdm-session';
import {
  firstSync,
  hasProvisioningCompleted,
  msiNode,
  msiStatus,
  preparationProvider,
  SIDECAR,
  trackingPoliciesCreated,
} from '@greenscreen/wire/dm-tree';
import { type SessionWork } from '../session/session-work.js';
import { agentIsReady, deviceHasEverything, isProvisioned, passIsOpen } from './phase.js';

/** Asks for nodes, each at most once a session. */
function ask({ queue }: SessionWork, ...uris: readonly string[]): void {
  for (const uri of uris) if (!queue.asks(uri)) queue.add({ verb: 'Get', uri, purpose: 'probe', batch: dmBatch.probe });
}

/** A page that had failed and is tried again no longer says 0 (06 D-B25). */
export function askForRetry(work: SessionWork): void {
  if (work.enrollment.state === 'failed')
    ask(work, firstSync('WasDeviceSuccessfullyProvisioned'), firstSync('IsSyncDone'), firstSync('ServerHasFinishedProvisioning'));
}

/** How far the MSIs and the management extension are; not in the session that delivers them (reference 04, 7). */
export async function askForAgent(work: SessionWork): Promise<void> {
  const { enrollment, progress, queue, nodes } = work;
  if (enrollment.state !== 'devicePrep' || queue.inThisSession(({ purpose }) => purpose === 'agent').length > 0) return;
  for (const productCode of progress.packages) {
    const status = msiNode(productCode, 'Status');
    if (Number(await nodes.value(status)) !== msiStatus.completed) ask(work, status);
  }
  if (progress.sidecar === 'required' && !(await agentIsReady(work))) ask(work, preparationProvider(SIDECAR, 'InstallationState'));
}

/** What ServerHasFinishedProvisioning is now: before it is written, and after a reseal has dropped it (06 D-B44, D-B45). */
export async function askForFlag(work: SessionWork): Promise<void> {
  const { progress } = work;
  const flag = firstSync('ServerHasFinishedProvisioning');
  if (isProvisioned(work)) ask(work, flag);
  else if (work.enrollment.state === 'devicePrep' && passIsOpen(work) && deviceHasEverything(work) && (await agentIsReady(work)))
    ask(work, ...(progress.sidecar === 'none' ? [] : [trackingPoliciesCreated(SIDECAR)]), flag);
}

/**
 * The page's result (06 D-B46). In device setup, from the session after the one that wrote the flag; before that when nothing else is left
 * to say: a page can fail before the server has finished (06 D-B47).
 */
export function askForOutcome(work: SessionWork): void {
  const { enrollment, queue, session } = work;
  const done = firstSync('IsSyncDone');
  const result = firstSync('WasDeviceSuccessfullyProvisioned');
  const wroteFlag = queue.inThisSession(({ purpose }) => purpose === 'finish').length > 0;
  if (enrollment.state === 'deviceSetup' && !wroteFlag) ask(work, done, result, hasProvisioningCompleted());
  const idle = queue.unfinished(({ state, scope }) => state === 'queued' && scope === 'device').length === 0;
  if (enrollment.state === 'devicePrep' && session.number > 1 && idle && !wroteFlag) ask(work, done, result);
}
