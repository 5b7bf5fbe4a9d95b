import { type DeviceContext } from '../context/index.js';
import { type DeviceManagement } from '../management/index.js';
import { flag, readSetup } from './setup-lines.js';
import { finishLines, showLines } from './setup-progress.js';
import { type PageContext, type StatusPage } from './status-page.js';

const POLL_MS = 180_000;

/**
 * "Account setup" in the scope of the user who is signed in now (reference 05, U9): the server's user part, then its lines. One session more
 * lets the server evaluate compliance (06, D-B30). Throws as {@link setUpDevice} does.
 */
export async function setUpAccount(
  context: PageContext & Pick<DeviceContext, 'files'>,
  page: StatusPage,
  management: DeviceManagement,
  user: { readonly sid: string },
): Promise<void> {
  const { tree, provider } = management;
  management.userSignedIn(user.sid);
  page.set('AccountSetup.WaitingForAadRegistration', 'succeeded', 'Completed');
  if (flag(tree, 'SkipUserStatusPage', provider)) {
    context.timeline.note({ kind: 'local', what: 'Account setup is not shown (SkipUserStatusPage)' });
    await management.sync('the user is signed in');
    return;
  }
  for (;;) {
    const known = tree.size;
    await management.sync('account setup');
    const reading = readSetup(tree, provider, 'user');
    const finished = flag(tree, 'ServerHasFinishedProvisioning', provider, 'user');
    if (finished && finishLines(page, 'AccountSetup', reading)) break;
    showLines(page, 'AccountSetup', reading);
    page.checkTimer();
    if (tree.size === known) await context.clock.wait(POLL_MS, 'the next OMA-DM session is due');
  }
  await management.sync('account setup is done');
}
