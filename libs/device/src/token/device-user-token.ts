import { clientIds, signedGrants } from '@greenscreen/wire/oauth';
import { type DeviceCredential, signWithDevice, winVer } from './device-credential.js';
import { accessTokenOf, postToken, requestNonce, signedRequestForm, type TokenContext } from './token-call.js';

export interface DeviceUserTokenRequest {
  readonly tokenEndpoint: string;
  readonly credential: DeviceCredential;
  /** Of the user's sign-in. */
  readonly refreshToken: string;
  readonly resource: string;
}

/**
 * A user's token with the device's claim: the device signs for the user's refresh token (reference 02, 8.2). A refusal is a
 * TokenServiceError.
 */
export async function requestDeviceUserToken(context: TokenContext, request: DeviceUserTokenRequest): Promise<string> {
  const { tokenEndpoint, credential, refreshToken, resource } = request;
  const signed = await signWithDevice(credential, {
    client_id: clientIds.authenticationBroker,
    request_nonce: await requestNonce(context, tokenEndpoint),
    scope: 'openid',
    win_ver: winVer(context),
    resource,
    refresh_token: refreshToken,
    redirect_uri: 'ms-appx-web://Microsoft.AAD.BrokerPlugin/DRS',
    iss: 'aad:brokerplugin',
    grant_type: signedGrants.refreshToken,
  });
  return accessTokenOf(await postToken(context, tokenEndpoint, signedRequestForm(signed))).accessToken;
}
