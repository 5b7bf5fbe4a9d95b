import { FLEET_PROVIDER } from '@greenscreen/wire/fleet';
import { type SessionWork } from '../session/session-work.js';
import { configureDevice, registerNewProviders } from './configure-device.js';
import { configureFleetDevice } from './configure-fleet-device.js';
import { configureUser, finishUser } from './configure-user.js';
import { finishDevice } from './finish-device.js';
import { askForAgent, askForFlag, askForOutcome, askForRetry } from './questions.js';
import { sendChanges } from './send-changes.js';

/** A step that queues what is due; most messages pass most steps without one. */
export type Step = (work: SessionWork) => void | Promise<void>;

/** In their order: later steps see what earlier ones have queued. */
const intuneSteps: readonly Step[] = [
  configureDevice,
  registerNewProviders,
  sendChanges,
  askForRetry,
  askForAgent,
  askForFlag,
  finishDevice,
  askForOutcome,
  configureUser,
  finishUser,
];

/** Fleet has no Enrollment Status Page here: its devices get what is assigned, and what is queued for them. */
const fleetSteps: readonly Step[] = [configureFleetDevice];

/** Decides what the device has to do next. Not in a session that has ended, nor for a device that is about to leave. */
export async function planNext(work: SessionWork): Promise<void> {
  if (work.silent || work.session.endedAt || work.queue.unfinished(({ purpose }) => purpose === 'unenroll').length > 0) return;
  for (const step of work.enrollment.providerId === FLEET_PROVIDER ? fleetSteps : intuneSteps) await step(work);
}
