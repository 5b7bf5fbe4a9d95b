import { DeploymentError, NetworkError } from '../context/index.js';
import { PageTimeoutError, setUpAccount, setUpDevice, StatusPage, TIMED_OUT } from '../esp/index.js';
import { PROFILE_FILE, readProfileFile } from '../profile/index.js';
import { TokenServiceError, type UserCredentials, type UserSignIn } from '../token/index.js';
import { firstBoot, startManagementService } from './boot.js';
import { applyNameTemplate } from './computer-name.js';
import { provisionHello } from './hello.js';
import { type Installation, required } from './installation.js';
import { applyLaps } from './laps.js';
import { failed, type PhaseResult } from './phase-result.js';
import { signInPage } from './sign-in-page.js';
import { enrollWithUser, prepareWithUser, tokenForMdm } from './user-enrollment.js';
import { joinWithUser } from './user-join.js';
import { signInToWindows } from './windows-sign-in.js';

export interface UserAtTheDevice extends UserCredentials {
  /** Goes on to the status page although the join has failed (reference 05, 97). */
  readonly continuesWithoutJoin?: boolean;
}

/**
 * From power-on at the user's desk to the desktop: of a resealed device (reference 05, A.5), or of one that nobody has provisioned, which joins
 * and enrolls with the user's token (A.8, "user-driven"). After a failure it is the user's next attempt: a device that is joined stays so.
 */
export async function userPhase(installation: Installation, user: UserAtTheDevice): Promise<PhaseResult> {
  const { context, checkpoint } = installation;
  const { timeline } = context;
  timeline.note({ kind: 'phase', phase: 'user' });
  delete installation.credentialsLost;
  delete installation.refreshToken;
  delete installation.page;
  await powerOn(installation);
  try {
    const signIn = await signInPage(installation, user);
    await checkpoint('user_signed_in');
    if (!(await isJoined(installation, signIn, user))) return await lostJoin(installation);
    const managed = await enrollWithUser(installation, signIn);
    if (managed) await setUp(installation, signIn);
    await signInToWindows(installation, signIn, user);
    await checkpoint('prt');
    if (managed) await accountSetup(installation);
    await provisionHello(installation, signIn, user);
  } catch (error) {
    return ended(installation, error);
  }
  timeline.note({ kind: 'screen', screen: 'desktop' });
  await checkpoint('desktop');
  return { screen: 'desktop' };
}

/** A PC that has never been on asks for its profile (reference 05, T1); any other has it in its file (U2). */
async function powerOn(installation: Installation): Promise<void> {
  const { context, identity } = installation;
  if (identity === undefined && !context.files.has(PROFILE_FILE)) {
    await firstBoot(installation);
    const template = installation.profile?.deviceNameTemplate;
    if (template) applyNameTemplate(context, template);
    return;
  }
  startManagementService(installation);
  const profile = readProfileFile(context);
  if (profile) installation.profile = profile;
}

/** False when the join has failed and the user goes on all the same. */
async function isJoined(installation: Installation, signIn: UserSignIn, user: UserAtTheDevice): Promise<boolean> {
  if (installation.registration) return true;
  try {
    await joinWithUser(installation, signIn);
    await installation.checkpoint('user_joined');
    return true;
  } catch (error) {
    const goesOn = user.continuesWithoutJoin && installation.management !== undefined;
    if (!goesOn || (!(error instanceof DeploymentError) && !(error instanceof NetworkError))) throw error;
    installation.context.timeline.note({ kind: 'local', what: `The device is not joined: ${error.message}` });
    return false;
  }
}

/** What stands between the join and the sign-in to Windows of a managed PC. */
async function setUp(installation: Installation, signIn: UserSignIn): Promise<void> {
  // What a technician has prepared only has to learn whose it is.
  if (installation.mode === 'unknown') await prepareWithUser(installation);
  else await associate(installation, signIn);
  await deviceSetup(installation);
  if (installation.mode === 'unknown') await installation.checkpoint('device_setup_done');
  applyLaps(installation);
}

/**
 * The first session after the join tells MDM whose device it is (reference 05, U6; 06, D-B33). Without a token there is nothing to tell: the
 * user's next attempt makes up for it.
 */
async function associate(installation: Installation, signIn: UserSignIn): Promise<void> {
  if (installation.associated) return;
  const { context } = installation;
  const management = required(installation.management, 'management');
  try {
    installation.associated = await management.associateUser(signIn.upn, () => tokenForMdm(installation, signIn));
  } catch (error) {
    if (!isExpected(error)) throw error;
    context.timeline.note({ kind: 'local', what: `MDM is not told who the user is: ${error.message}` });
  }
}

/** "Device setup", for a resealed device once more and on a page of its own: device preparation does not run there (reference 05, U7). */
async function deviceSetup(installation: Installation): Promise<void> {
  const { context } = installation;
  const page = (installation.page ??= new StatusPage(context));
  await setUpDevice(context, page, required(installation.management, 'management'));
  context.events.emit('shellcore', 62407, { name: 'CommercialOOBE_ESPProgress_Page_Exiting' });
}

/**
 * There is no device certificate, so the sign-in to Windows gets no PRT, and what is meant for the user never comes: the page goes on
 * identifying (reference 05, 97).
 */
async function lostJoin(installation: Installation): Promise<PhaseResult> {
  const { context } = installation;
  const management = required(installation.management, 'management');
  await deviceSetup(installation);
  for (const id of [1081, 1088]) context.events.emit('aad', id, { Code: '0xC00484B2' });
  const page = required(installation.page, 'status page');
  page.set('AccountSetup.WaitingForAadRegistration', 'inProgress', 'Working on it');
  for (const line of ['SecurityPolicies', 'Certificates', 'NetworkConnections', 'Apps'] as const)
    page.set(`AccountSetup.${line}`, 'inProgress', 'Identifying');
  await management.sync('account setup waits for a user whom nobody knows');
  const text = 'Account setup goes on identifying: the device is not joined';
  context.timeline.note({ kind: 'screen', screen: 'stuck', text });
  return { screen: 'stuck', text };
}

/** "Account setup" in the user's scope (reference 05, U9). */
async function accountSetup(installation: Installation): Promise<void> {
  const { context } = installation;
  const page = required(installation.page, 'status page');
  if (installation.credentialsLost) await pageOfAnotherSession(page);
  await setUpAccount(context, page, required(installation.management, 'management'), { sid: required(installation.prt, 'PRT').userSid });
  context.events.emit('shellcore', 62407, { name: 'CommercialOOBE_ESPProgress_Page_Exiting' });
  await installation.checkpoint('account_setup_done');
}

/** After a restart the page runs beside the session that the user has signed in to, and waits in vain (reference 05, 98). */
const pageOfAnotherSession = (page: StatusPage): Promise<void> =>
  page.run('AccountSetup.WaitingForAadRegistration', () =>
    Promise.reject(new DeploymentError(TIMED_OUT, 'The credentials of the sign-in page did not come through the restart')),
  );

const isExpected = (error: unknown): error is TokenServiceError | DeploymentError | NetworkError =>
  error instanceof TokenServiceError || error instanceof DeploymentError || error instanceof NetworkError;

/** Errors of the status page stand on it; all others on a page of the out-of-box experience. */
function ended({ context, page }: Installation, error: unknown): PhaseResult {
  if (!isExpected(error)) throw error;
  const screen = page?.hasFailed ? 'esp-error' : 'oobe-error';
  context.timeline.note({ kind: 'screen', screen, text: error.message });
  if (error instanceof TokenServiceError || error instanceof PageTimeoutError) return { screen, text: error.message };
  return failed(screen, error);
}
