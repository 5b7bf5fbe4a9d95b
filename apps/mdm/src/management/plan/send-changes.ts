import { type SessionWork } from '../session/session-work.js';
import { agentForScripts, newApps } from './assigned-apps.js';
import { newPolicies } from './assigned-policies.js';

/**
 * What was assigned to a configured device, changed, or came with a membership since its last session: at the beginning of each session, in
 * one query when there is nothing. The status page's lists stay as they are.
 */
export async function sendChanges(work: SessionWork): Promise<void> {
  const { progress, session, queue } = work;
  if (session.messages !== 1 || progress.devicePasses === 0) return;
  queue.add(...(await newPolicies(work, 'device')), ...(await newApps(work, 'device')), ...(await agentForScripts(work)));
  if (!progress.userPassConfigured || session.loginStatus !== 'user') return;
  queue.add(...(await newPolicies(work, 'user')), ...(await newApps(work, 'user')));
}
