import { decryptSessionKey, decryptSessionResponse, JoseError, signSessionJws } from '@greenscreen/crypto/jose';
import { clientIds, decodePrtResponse, type ReceivedToken, signedGrants } from '@greenscreen/wire/oauth';
import { type DeviceCredential, signWithDevice, winVer } from './device-credential.js';
import { claimsOf } from './device-token.js';
import { accessTokenOf, jsonOf, postToken, requestNonce, signedRequestForm, type TokenContext } from './token-call.js';
import { DeploymentError } from '../context/index.js';
import { ntStatusOfSignIn, TokenServiceError, USER_SID_MISSING } from './token-service-error.js';

/** A primary refresh token with the key that proves its possession. */
export interface PrimaryRefreshToken {
  /** Opaque. */
  readonly token: string;
  /** 32 bytes; a real TPM never lets it out. */
  readonly sessionKey: Buffer;
  readonly expiresAt: Date;
  readonly upn: string;
  /** `S-1-12-1-…` */
  readonly userSid: string;
}

/** How the user is known: by password, or by the refresh token of a sign-in just before. */
export type PrtProof = { readonly username: string; readonly password: string } | { readonly refreshToken: string };

export interface PrtRequest {
  readonly tokenEndpoint: string;
  readonly credential: DeviceCredential;
  readonly proof: PrtProof;
  /** Undoes RSA-OAEP (SHA-1) with the transport key, in the TPM. */
  readonly unwrap: (wrapped: Buffer) => Promise<Buffer>;
}

/** Asks for a PRT (reference 02, 7.1). A refusal is a DeploymentError with the NTSTATUS of a failed Windows sign-in. */
export async function requestPrt(
  context: TokenContext,
  { tokenEndpoint, credential, proof, unwrap }: PrtRequest,
): Promise<PrimaryRefreshToken> {
  try {
    const request = await signWithDevice(credential, {
      client_id: 'refreshToken' in proof ? clientIds.authenticationBroker : clientIds.windowsSignIn,
      request_nonce: await requestNonce(context, tokenEndpoint),
      scope: 'openid aza ugs',
      win_ver: winVer(context),
      ...('refreshToken' in proof
        ? { grant_type: signedGrants.refreshToken, refresh_token: proof.refreshToken }
        : { grant_type: signedGrants.password, username: proof.username, password: proof.password }),
    });
    const response = await postToken(context, tokenEndpoint, signedRequestForm(request, { client_info: '1', tgt: 'true' }));
    const answer = decodePrtResponse(jsonOf(response));
    if (answer?.sessionKeyJwe === undefined) throw new TokenServiceError(response.status, undefined);
    const { upn, primary_sid: sid } = claimsOf(answer.idToken, response.status);
    if (typeof sid !== 'string') throw new DeploymentError(USER_SID_MISSING, 'The PRT names no user SID');
    return {
      token: answer.refreshToken,
      sessionKey: await decryptSessionKey(answer.sessionKeyJwe, unwrap),
      expiresAt: new Date(context.clock.now().getTime() + answer.expiresIn * 1000),
      upn: typeof upn === 'string' ? upn : '',
      userSid: sid,
    };
  } catch (error) {
    if (error instanceof TokenServiceError) throw new DeploymentError(ntStatusOfSignIn(error), error.message, { cause: error });
    throw error;
  }
}

export interface PrtUse {
  readonly tokenEndpoint: string;
  readonly prt: PrimaryRefreshToken;
  readonly resource: string;
  readonly clientId?: string;
  readonly redirectUri?: string;
}

/** A token for a resource in exchange for a PRT: signed with a key derived from the session key, and answered under another (reference 02, 7.5). */
export async function requestTokenWithPrt(context: TokenContext, use: PrtUse): Promise<ReceivedToken & { readonly accessToken: string }> {
  const { tokenEndpoint, prt } = use;
  const clientId = use.clientId ?? clientIds.authenticationBroker;
  const payload = {
    win_ver: winVer(context),
    resource: use.resource,
    scope: 'openid',
    request_nonce: await requestNonce(context, tokenEndpoint),
    refresh_token: prt.token,
    redirect_uri: use.redirectUri ?? `ms-appx-web://Microsoft.AAD.BrokerPlugin/${clientId}`,
    iss: 'aad:brokerplugin',
    aud: 'login.microsoftonline.com',
    grant_type: signedGrants.refreshToken,
    client_id: clientId,
  };
  const request = signSessionJws({
    sessionKey: prt.sessionKey,
    ctx: context.random.bytes(24),
    kdfVersion: 2,
    payload: JSON.stringify(payload),
  });
  const response = await postToken(context, tokenEndpoint, signedRequestForm(request));
  return accessTokenOf(response, openAnswer(prt.sessionKey, response.text(), response.status));
}

function openAnswer(sessionKey: Buffer, text: string, status: number): unknown {
  try {
    return JSON.parse(decryptSessionResponse(sessionKey, text));
  } catch (error) {
    if (error instanceof JoseError || error instanceof SyntaxError) throw new TokenServiceError(status, undefined);
    throw error;
  }
}
