import { clientIds, encodeForm, grantTypes } from '@greenscreen/wire/oauth';
import { redirectedParameters } from './sign-in-browser.js';
import { accessTokenOf, postToken, type TokenContext } from './token-call.js';
import { TokenServiceError } from './token-service-error.js';
import { refusalOf, submitPassword, type UserCredentials, type UserSignIn } from './user-sign-in.js';

const CLIENT = clientIds.deviceRegistrationClient;
const REDIRECT = `ms-appx-web://Microsoft.AAD.BrokerPlugin/${CLIENT}`;

/**
 * Before a Windows Hello key is made, the person is asked once more, with a second factor (`amr_values=ngcmfa`; reference 02, 3.1 and 13.3).
 * Returns the refresh token of that authentication; the device signs for it to get a token with its own claim. A refusal is a
 * TokenServiceError.
 */
export async function confirmForHello(
  context: TokenContext,
  signIn: UserSignIn,
  credentials: UserCredentials,
  resource: string,
): Promise<string> {
  const query = {
    client_id: CLIENT,
    response_type: 'code',
    redirect_uri: REDIRECT,
    resource,
    amr_values: 'ngcmfa',
    login_hint: credentials.upn,
  };
  const page = await signIn.browser.get('Authorize', `/${signIn.tenantId}/oauth2/authorize?${encodeForm(query)}`);
  const answer = await submitPassword(context, signIn.browser, page, credentials);
  const code = redirectedParameters(answer)?.get('code');
  if (!code) throw refusalOf(answer);
  const response = await postToken(context, signIn.tokenEndpoint, {
    grant_type: grantTypes.authorizationCode,
    client_id: CLIENT,
    code,
    redirect_uri: REDIRECT,
    resource,
  });
  const { refreshToken } = accessTokenOf(response);
  if (refreshToken === undefined) throw new TokenServiceError(response.status, undefined);
  return refreshToken;
}
