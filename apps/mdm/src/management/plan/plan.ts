import { type SessionWork } from '../session/session-work.js';
import { configureDevice, registerNewProviders } from './configure-device.js';
import { configureUser, finishUser } from './configure-user.js';
import { finishDevice } from './finish-device.js';
import { askForAgent, askForFlag, askForOutcome, askForRetry } from './questions.js';

/** A step that queues what is due; most messages pass most steps without one. */
export type Step = (work: SessionWork) => void | Promise<void>;

/** In their order: later steps see what earlier ones have queued. */
const steps: readonly Step[] = [
  configureDevice,
  registerNewProviders,
  askForRetry,
  askForAgent,
  askForFlag,
  finishDevice,
  askForOutcome,
  configureUser,
  finishUser,
];

/** Decides what the device has to do next. Not in a session that has ended, nor for a device that is about to leave. */
export async function planNext(work: SessionWork): Promise<void> {
  if (work.silent || work.session.endedAt || work.queue.unfinished(({ purpose }) => purpose === 'unenroll').length > 0) return;
  for (const step of steps) await step(work);
}
