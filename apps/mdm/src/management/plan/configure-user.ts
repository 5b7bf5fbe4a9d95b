import { dmBatch } from '@greenscreen/model/mdm-session';
import { firstSync, INTUNE_PROVIDER } from '@greenscreen/wire/dm-tree';
import { userStatusPageNodes } from '../../status-page/index.js';
import { type SessionWork } from '../session/session-work.js';
import { advance } from '../state/advance.js';
import { newApps } from './assigned-apps.js';
import { policies } from './assigned-policies.js';

/** The user's part, once, when the device's user is signed in (06 D-B45). */
export async function configureUser(work: SessionWork): Promise<void> {
  const { progress, session, queue, tenant } = work;
  if (progress.userPassConfigured || session.loginStatus !== 'user') return;
  if (!(await advance(work, 'userSetupStarted'))) return;
  progress.userPassConfigured = true;
  queue.add(
    ...userStatusPageNodes(tenant).map(({ uri, format, data }) => ({
      verb: uri.includes('/PolicyProviders/') ? ('Add' as const) : ('Replace' as const),
      uri,
      format,
      data,
      purpose: 'configuration' as const,
      batch: dmBatch.user,
    })),
    ...(await policies(work, 'user')),
    ...(await newApps(work, 'user')),
  );
}

/** The user's ServerHasFinishedProvisioning, when everything else for the user has its final status; 405 is none. */
export function finishUser({ enrollment, queue, session }: SessionWork): void {
  if (enrollment.state !== 'userSetup' || session.loginStatus !== 'user') return;
  if (queue.unfinished(({ scope }) => scope === 'user').length > 0) return;
  if (queue.inThisSession(({ scope, purpose }) => scope === 'user' && purpose === 'finish').length > 0) return;
  queue.add({
    verb: 'Replace',
    uri: firstSync('ServerHasFinishedProvisioning', INTUNE_PROVIDER, 'user'),
    format: 'bool',
    data: 'true',
    purpose: 'finish',
    batch: dmBatch.userFinish,
  });
}
