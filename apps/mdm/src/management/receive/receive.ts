import { type SessionWork } from '../session/session-work.js';
import { receiveAlerts } from './alerts.js';
import { receiveAnswers } from './answers.js';
import { receiveDeviceInformation } from './device-information.js';

/** Takes in what a message says. */
export async function receive(work: SessionWork): Promise<void> {
  receiveAnswers(work);
  await receiveDeviceInformation(work);
  await receiveAlerts(work);
}
