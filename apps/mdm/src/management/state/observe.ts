import { type DmPurpose } from '@greenscreen/model/mdm-session';
import { firstSync, type NodeScope } from '@greenscreen/wire/dm-tree';
import { succeeded } from '@greenscreen/wire/syncml';
import { type SessionWork } from '../session/session-work.js';
import { advance } from './advance.js';
import { evaluateCompliance } from './compliance.js';

type Observation = (work: SessionWork) => Promise<void>;

/** Derives from what the device has said so far what has happened to its enrollment (reference 04, 6.2; 06 D-B44 to D-B46). */
export async function observe(work: SessionWork): Promise<void> {
  for (const observation of observations) await observation(work);
}

const observations: readonly Observation[] = [
  firstMessage,
  pageConfigured,
  serverFinished,
  deviceResult,
  userIsThereAlready,
  userFinished,
  managementEnded,
  evaluateCompliance,
];

async function firstMessage(work: SessionWork): Promise<void> {
  await advance(work, 'firstMessage');
}

const delivered = ({ queue }: SessionWork, purpose: DmPurpose, scope: NodeScope = 'device') =>
  queue.inThisSession((command) => command.purpose === purpose && command.scope === scope);

async function pageConfigured(work: SessionWork): Promise<void> {
  const { queue, progress } = work;
  if (progress.devicePasses > 0 && queue.unfinished(({ purpose }) => purpose === 'configuration').length === 0)
    await advance(work, 'statusPageConfigured');
}

/** An acknowledgement of the write, or the device saying that it is so already. */
async function serverFinished(work: SessionWork): Promise<void> {
  const { progress, nodes } = work;
  if (progress.finishedPass >= progress.devicePasses) return;
  const acknowledged = delivered(work, 'finish').some(({ verb, state, status }) => state === 'done' && succeeded(verb, status ?? 0));
  if (!acknowledged && nodes.reported(firstSync('ServerHasFinishedProvisioning'))?.toLowerCase() !== 'true') return;
  progress.finishedPass = progress.devicePasses;
  await advance(work, 'serverFinished');
}

/** Only what this message reports counts: an earlier result may be of an earlier attempt. */
async function deviceResult(work: SessionWork): Promise<void> {
  const { nodes, enrollment } = work;
  const result = nodes.reported(firstSync('WasDeviceSuccessfullyProvisioned'));
  if (result === undefined) return;
  if (result === '0') {
    await advance(work, 'deviceFailed');
    return;
  }
  const succeededNow = result === '1' && (await nodes.value(firstSync('IsSyncDone')))?.toLowerCase() === 'true';
  if (enrollment.state === 'failed') await tryAgain(work, succeededNow);
  if (succeededNow) await advance(work, 'deviceProvisioned');
}

/** Retry on the red page (06 D-B25): the page begins anew, or has already come through with what the server had sent before. */
async function tryAgain(work: SessionWork, succeededNow: boolean): Promise<void> {
  await advance(work, 'retried');
  if (succeededNow && work.nodes.reported(firstSync('ServerHasFinishedProvisioning'))?.toLowerCase() === 'true')
    await advance(work, 'serverFinished');
  else work.retried = true;
}

/** A user who enrolled the device needs no association. */
async function userIsThereAlready(work: SessionWork): Promise<void> {
  if (work.enrollment.enrolledBy !== null) await advance(work, 'userAssociated');
}

async function userFinished(work: SessionWork): Promise<void> {
  if (delivered(work, 'finish', 'user').some(({ verb, state, status }) => state === 'done' && succeeded(verb, status ?? 0)))
    await advance(work, 'userFinished');
}

/** The device has accepted to leave, or to be wiped (06 D-B21). */
async function managementEnded(work: SessionWork): Promise<void> {
  if (!delivered(work, 'unenroll').some(({ verb, state, status }) => state === 'done' && succeeded(verb, status ?? 0))) return;
  work.silent = true;
  await advance(work, 'retired');
}
