import { firstSync } from '@greenscreen/wire/dm-tree';
import { type DeviceManagement } from '../management/index.js';
import { flag } from './page-settings.js';
import { follow, showCounters, showSetup } from './setup-progress.js';
import { type PageContext, type StatusPage } from './status-page.js';

/**
 * "Account setup" in the scope of the user who is signed in now (reference 05, U9): the server's user part, then its lines. One session more
 * lets the server evaluate compliance (06, D-B30). Throws as {@link setUpDevice} does.
 */
export async function setUpAccount(
  context: PageContext,
  page: StatusPage,
  management: DeviceManagement,
  user: { readonly sid: string },
): Promise<void> {
  const { tree, provider } = management;
  management.userSignedIn(user.sid);
  page.set('AccountSetup.WaitingForAadRegistration', 'succeeded', 'Completed');
  page.setSilently('AccountSetup.PrepareMultifactorAuth', 'succeeded');
  if (flag(tree, 'SkipUserStatusPage', provider)) {
    context.timeline.note({ kind: 'local', what: 'Account setup is not shown (SkipUserStatusPage)' });
    await management.sync('the user is signed in');
    return;
  }
  await follow(
    page,
    management,
    () => showCounters(page, management, 'user', 'now'),
    () => showSetup(page, management, 'user'),
  );
  tree.set(firstSync('IsSyncDone', provider, 'user'), { format: 'bool', data: 'true' });
  await management.sync('account setup is done');
  page.setSilently('AccountSetup.SendResultsToMdmServer', 'succeeded');
}
