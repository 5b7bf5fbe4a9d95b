import { joinTypes } from '@greenscreen/wire/drs';
import { DeploymentError, NetworkError } from '../context/index.js';
import { requestPrt, signInUser, TokenServiceError, type UserCredentials } from '../token/index.js';
import { type Installation, required } from './installation.js';
import { failed, type PhaseResult } from './phase-result.js';
import { credentialOf } from './technician-enrollment.js';
import { joinWithUser } from './user-join.js';

/**
 * Somebody adds a work account to the PC of their own, in the settings of a Windows that is set up: the device is registered (type 4), and the
 * account gets a PRT by its refresh token (reference 02, 7.1 and 10.3). Nothing is managed: the account's holder leaves "Allow my organization
 * to manage my device" unchecked.
 */
export async function addWorkAccount(installation: Installation, user: UserCredentials): Promise<PhaseResult> {
  const { context, checkpoint } = installation;
  context.timeline.note({ kind: 'phase', phase: 'work-account' });
  delete installation.refreshToken;
  try {
    const signIn = await signInUser(context, user);
    await checkpoint('user_signed_in');
    if (!installation.registration) await joinWithUser(installation, signIn, joinTypes.register);
    await checkpoint('user_joined');
    await accountToken(installation);
    await checkpoint('prt');
  } catch (error) {
    return notAdded(installation, error);
  }
  context.timeline.note({ kind: 'screen', screen: 'desktop' });
  await checkpoint('desktop');
  return { screen: 'desktop' };
}

/** The account's PRT belongs to the token broker: Windows is signed in to with another account. */
async function accountToken(installation: Installation): Promise<void> {
  const { context } = installation;
  const registration = required(installation.registration, 'registration');
  installation.prt = await requestPrt(context, {
    tokenEndpoint: registration.service.tokenEndpoint,
    credential: credentialOf(context, registration),
    proof: { refreshToken: required(installation.refreshToken, 'refresh token') },
    unwrap: (wrapped) => context.tpm.decryptOaep(registration.keys.transport, wrapped),
  });
}

function notAdded({ context }: Installation, error: unknown): PhaseResult {
  const known = error instanceof TokenServiceError || error instanceof DeploymentError || error instanceof NetworkError;
  if (!known) throw error;
  context.timeline.note({ kind: 'screen', screen: 'settings-error', text: error.message });
  return error instanceof TokenServiceError ? { screen: 'settings-error', text: error.message } : failed('settings-error', error);
}
