import { DeploymentError, NetworkError } from '../context/index.js';
import { registerHelloKey } from '../join/index.js';
import { confirmForHello, requestDeviceUserToken, TokenServiceError, type UserCredentials, type UserSignIn } from '../token/index.js';
import { type Installation, required } from './installation.js';
import { credentialOf } from './technician-enrollment.js';

/** Hello needs a second factor that could not be had (UDR 362: the policy stands, provisioning does not begin). */
const NOT_LAUNCHED = 362;

/**
 * Windows Hello for the user (reference 05, U10): asked once more with a second factor, a key in the TPM, registered under the device's claim. A
 * failure is told in the events; the person reaches the desktop all the same and is asked at the next sign-in.
 */
export async function provisionHello(installation: Installation, signIn: UserSignIn, user: UserCredentials): Promise<void> {
  const { context, checkpoint } = installation;
  const service = required(installation.service, 'registration service');
  const registration = required(installation.registration, 'registration');
  context.events.emit('shellcore', 62404, { CXID: 'AADHello' });
  try {
    const refreshToken = await confirmForHello(context, signIn, { ...user, upn: signIn.upn }, service.keyResourceId);
    const token = await requestDeviceUserToken(context, {
      tokenEndpoint: service.tokenEndpoint,
      credential: credentialOf(context, registration),
      refreshToken,
      resource: service.keyResourceId,
    });
    installation.hello = await registerHelloKey(context, { service, token });
  } catch (error) {
    if (error instanceof TokenServiceError) context.events.emit('udr', NOT_LAUNCHED, { Message: error.message });
    else if (!(error instanceof DeploymentError) && !(error instanceof NetworkError)) throw error;
    return;
  }
  await checkpoint('hello');
}
