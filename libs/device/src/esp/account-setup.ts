import { firstSync } from '@greenscreen/wire/dm-tree';
import { type DeviceManagement } from '../management/index.js';
import { flag } from './page-settings.js';
import { follow, showSetup } from './setup-progress.js';
import { type PageContext, type StatusPage } from './status-page.js';

/** How "Account setup" ended: without the user that the server knows it waits for good (reference 05, 97). */
export type AccountOutcome = 'done' | 'hidden' | 'stuck';

/**
 * "Account setup" in the scope of the user who is signed in now (reference 05, U9): the server's user part, then its lines. One session more
 * lets the server evaluate compliance (06, D-B30). Without a user whom the server knows its part never comes. Throws as {@link setUpDevice}
 * does.
 */
export async function setUpAccount(
  context: PageContext,
  page: StatusPage,
  management: DeviceManagement,
  user: { readonly sid: string } | undefined,
): Promise<AccountOutcome> {
  const { tree, provider } = management;
  if (user) management.userSignedIn(user.sid);
  page.set('AccountSetup.WaitingForAadRegistration', 'succeeded', 'Completed');
  page.setSilently('AccountSetup.PrepareMultifactorAuth', 'succeeded');
  if (flag(tree, 'SkipUserStatusPage', provider)) {
    context.timeline.note({ kind: 'local', what: 'Account setup is not shown (SkipUserStatusPage)' });
    await management.sync('the user is signed in');
    return 'hidden';
  }
  if (!user) {
    await management.sync('somebody is signed in');
    showSetup(page, management, 'user');
    return 'stuck';
  }
  await follow(page, management, () => showSetup(page, management, 'user'));
  tree.set(firstSync('IsSyncDone', provider, 'user'), { format: 'bool', data: 'true' });
  await management.sync('account setup is done');
  page.setSilently('AccountSetup.SendResultsToMdmServer', 'succeeded');
  return 'done';
}
