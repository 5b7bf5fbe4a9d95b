import { spkiOf } from '@greenscreen/crypto/keys';
import { encodeCsr } from '@greenscreen/crypto/pkcs10';
import { decodeCertificate } from '@greenscreen/crypto/x509';
import { type DeviceContext, DeploymentError, NetworkError } from '../context/index.js';
import { PageTimeoutError, setUpAccount, setUpDevice, StatusPage, TIMED_OUT } from '../esp/index.js';
import { createDeviceKeys, discoverRegistration, joinUser, type Registration } from '../join/index.js';
import { requestDeviceTicket, serviceDisabled } from '../msa/index.js';
import { readProfileFile } from '../profile/index.js';
import {
  requestDeviceUserToken,
  requestDrsUserToken,
  requestP2pCertificate,
  requestPrt,
  TokenServiceError,
  type UserCredentials,
  type UserSignIn,
} from '../token/index.js';
import { signInObstacle } from './automatic-sign-in.js';
import { startManagementService } from './boot.js';
import { computerName } from './computer-name.js';
import { provisionHello } from './hello.js';
import { applyLaps } from './laps.js';
import { signInPage } from './sign-in-page.js';
import { type Installation, required } from './installation.js';
import { failed, type PhaseResult } from './phase-result.js';
import { credentialOf, MDM_RESOURCE } from './technician-enrollment.js';

export interface UserAtTheDevice extends UserCredentials {
  /** Goes on to the status page although the join has failed (reference 05, 97). */
  readonly continuesWithoutJoin?: boolean;
}

/**
 * From power-on at the user's desk to the desktop (reference 05, A.5). After a failure it is the user's next attempt: a device that is joined
 * stays so.
 */
export async function userPhase(installation: Installation, user: UserAtTheDevice): Promise<PhaseResult> {
  const { context, checkpoint } = installation;
  const { timeline } = context;
  timeline.note({ kind: 'phase', phase: 'user' });
  startManagementService(installation);
  delete installation.credentialsLost;
  delete installation.refreshToken;
  delete installation.page;
  const profile = readProfileFile(context);
  if (profile) installation.profile = profile;
  try {
    const signIn = await signInPage(installation, user);
    await checkpoint('user_signed_in');
    if (!(await isJoined(installation, signIn, user))) return await lostJoin(installation);
    await associate(installation, signIn);
    await deviceSetup(installation);
    applyLaps(installation);
    await signInToWindows(installation, signIn, user);
    await checkpoint('prt');
    await accountSetup(installation);
    await checkpoint('account_setup_done');
    await provisionHello(installation, signIn, user);
  } catch (error) {
    return ended(installation, error);
  }
  timeline.note({ kind: 'screen', screen: 'desktop' });
  await checkpoint('desktop');
  return { screen: 'desktop' };
}

/** False when the join has failed and the user goes on all the same. */
async function isJoined(installation: Installation, signIn: UserSignIn, user: UserAtTheDevice): Promise<boolean> {
  if (installation.registration) return true;
  try {
    await joinAgain(installation, signIn);
    await installation.checkpoint('user_joined');
    return true;
  } catch (error) {
    if (!user.continuesWithoutJoin || (!(error instanceof DeploymentError) && !(error instanceof NetworkError))) throw error;
    installation.context.timeline.note({ kind: 'local', what: `The device is not joined: ${error.message}` });
    return false;
  }
}

/** The join with the user's token and a fresh device ticket, which leads to the same directory object (reference 05, U5; 06, D-A15). */
async function joinAgain(installation: Installation, signIn: UserSignIn): Promise<void> {
  const { context } = installation;
  const domain = signIn.upn.split('@')[1] ?? '';
  installation.service = await discoverRegistration(context, domain);
  const token = await requestDrsUserToken(context, signIn);
  const ticket = await ticketForJoin(installation);
  installation.registration = await joinUser(context, {
    service: installation.service,
    token: token.accessToken,
    tenantId: signIn.tenantId,
    domain,
    keys: await createDeviceKeys(context),
    user: { upn: signIn.upn },
    ticket,
    computerName: computerName(context),
  });
  installation.refreshToken = token.refreshToken;
}

/** Without a ticket the join goes on, and leads to another object (reference 05, 109). */
async function ticketForJoin({ context, identity }: Installation): Promise<string | undefined> {
  try {
    if (context.traits.wlidsvc === 'disabled') throw serviceDisabled();
    return await requestDeviceTicket(context, required(identity, 'device identity'), 'drs');
  } catch (error) {
    if (!(error instanceof DeploymentError) && !(error instanceof NetworkError)) throw error;
    context.timeline.note({ kind: 'local', what: `There is no device ticket: ${error.message}` });
    return undefined;
  }
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

async function tokenForMdm({ context, service, registration, refreshToken }: Installation, signIn: UserSignIn): Promise<string> {
  const { tokenEndpoint } = required(service, 'registration service');
  return requestDeviceUserToken(context, {
    tokenEndpoint,
    credential: credentialOf(context, required(registration, 'registration')),
    refreshToken: refreshToken ?? required((await requestDrsUserToken(context, signIn)).refreshToken, 'refresh token'),
    resource: MDM_RESOURCE,
  });
}

/** "Device setup" once more; device preparation does not run (reference 05, U7). */
async function deviceSetup(installation: Installation): Promise<void> {
  const { context } = installation;
  const page = new StatusPage(context);
  installation.page = page;
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

/** The credential buffer is replayed: PRT with the session key under the new transport key, then the P2P certificate (reference 05, U8). */
async function signInToWindows(installation: Installation, signIn: UserSignIn, user: UserAtTheDevice): Promise<void> {
  const { context, service } = installation;
  const registration = required(installation.registration, 'registration');
  const { tokenEndpoint } = required(service, 'registration service');
  const credential = credentialOf(context, registration);
  const obstacle = signInObstacle(required(installation.management, 'management').tree);
  if (installation.credentialsLost || obstacle !== undefined) {
    const why = installation.credentialsLost ? 'The credentials are gone' : `${obstacle ?? ''} is set`;
    context.timeline.note({ kind: 'screen', screen: 'windows-sign-in', text: `${why}: the user signs in once more` });
  }
  context.events.emit('aad', 1006);
  installation.prt = await requestPrt(context, {
    tokenEndpoint,
    credential,
    proof: { username: user.upn, password: user.password },
    unwrap: (wrapped) => context.tpm.decryptOaep(registration.keys.transport, wrapped),
  });
  context.events.emit('aad', 1007);
  const { certificate } = await requestP2pCertificate(context, {
    tokenEndpoint,
    credential,
    csr: await p2pCsr(context, registration),
    netbiosName: computerName(context),
    dnsNames: [computerName(context)],
  });
  context.stores.add('LocalMachine\\My', certificate, { kind: 'tpm', handle: registration.keys.device.handle });
  context.timeline.note({ kind: 'local', what: `${signIn.upn} is signed in; the session of defaultuser0 ended` });
}

/** "Account setup" in the user's scope (reference 05, U9). */
async function accountSetup(installation: Installation): Promise<void> {
  const { context } = installation;
  const page = required(installation.page, 'status page');
  if (installation.credentialsLost) await pageOfAnotherSession(page);
  await setUpAccount(context, page, required(installation.management, 'management'), { sid: required(installation.prt, 'PRT').userSid });
  context.events.emit('shellcore', 62407, { name: 'CommercialOOBE_ESPProgress_Page_Exiting' });
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

/** A request for the device's own name and key (reference 02, 8.3). */
const p2pCsr = ({ tpm }: DeviceContext, { certificate, keys }: Registration): Promise<Buffer> =>
  encodeCsr({ subject: decodeCertificate(certificate.der).subject.raw, spki: spkiOf(keys.device.publicKey) }, (digest) =>
    tpm.sign(keys.device, digest),
  );
