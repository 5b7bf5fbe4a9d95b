import { decodeCompactJws, type DigestSigner, JoseError, rsaJwk, signCompactJws } from '@greenscreen/crypto/jose';
import { type AttestationData, clientIds, encodeAttestationData, signedGrants } from '@greenscreen/wire/oauth';
import { createHash, type KeyObject } from 'node:crypto';
import { DeploymentError } from '../context/index.js';
import { type DeviceCredential, signWithDevice, winVer } from './device-credential.js';
import { accessTokenOf, postToken, requestNonce, signedRequestForm, type TokenContext } from './token-call.js';
import { DEVICE_TOKEN_FAILED, hresultOfUserlessSignIn, TokenServiceError } from './token-service-error.js';

/** A token for the device itself. */
export interface DeviceToken {
  /** For an `Authorization: Bearer` header. */
  readonly accessToken: string;
  readonly expiresAt: Date;
  readonly tenantId: string;
  /** Absent when the device's object is gone. */
  readonly deviceId?: string;
  readonly ztdId?: string;
}

export interface UserlessSignIn {
  /** `OAuth2.TokenEndpoint` of DRS discovery. */
  readonly tokenEndpoint: string;
  /** `JoinResourceId` of DRS discovery. */
  readonly resource: string;
  /** Device ticket for DRS, as login.live.com issued it (`t=…`). */
  readonly ticket: string;
  /** DER. */
  readonly aikCertificate: Buffer;
  /** The device key `dk`: signs this request and, later, the certificate request. */
  readonly key: { readonly publicKey: KeyObject; readonly signDigest: DigestSigner };
  /** Has the AIK certify `dk` with this qualifying data (TPM2_Certify). */
  readonly attest: (qualifyingData: Buffer) => Promise<AttestationData>;
}

/**
 * The TPM signs in without a user (reference 02, 12.3; 06, D-A16 and D-A17): nonce, certified key, ticket. A refusal is a DeploymentError
 * with the code that Windows shows; no answer at all stays a NetworkError.
 */
export function signInUserless(context: TokenContext, input: UserlessSignIn): Promise<DeviceToken> {
  return asDeploymentError(hresultOfUserlessSignIn, async () => {
    const nonce = await requestNonce(context, input.tokenEndpoint);
    const statement = await input.attest(createHash('sha256').update(nonce, 'ascii').digest());
    const payload = {
      grant_type: signedGrants.deviceAttestation,
      client_id: clientIds.authenticationBroker,
      resource: input.resource,
      request_nonce: nonce,
      ddid: input.ticket,
      aik_certificate: input.aikCertificate.toString('base64'),
      attestation_data: encodeAttestationData(statement),
      win_ver: winVer(context),
    };
    const header = { alg: 'RS256', typ: 'JWT', jwk: rsaJwk(input.key.publicKey) };
    const request = await signCompactJws(header, payload, input.key.signDigest);
    return deviceTokenOf(context, await postToken(context, input.tokenEndpoint, signedRequestForm(request)));
  });
}

export interface DeviceTokenRequest {
  readonly tokenEndpoint: string;
  /** `https://enrollment.manage.microsoft.com/` for the MDM service. */
  readonly resource: string;
  readonly credential: DeviceCredential;
}

/** A device token in exchange for a signature by the device certificate's key (reference 02, 8.1). Any refusal is 0x801c03ea (06, D-A22). */
export function requestDeviceToken(
  context: TokenContext,
  { tokenEndpoint, resource, credential }: DeviceTokenRequest,
): Promise<DeviceToken> {
  return asDeploymentError(
    () => DEVICE_TOKEN_FAILED,
    async () => {
      const request = await signWithDevice(credential, {
        resource,
        client_id: clientIds.authenticationBroker,
        request_nonce: await requestNonce(context, tokenEndpoint),
        win_ver: winVer(context),
        grant_type: signedGrants.deviceToken,
        scope: 'sid',
        redirect_uri: 'ms-aadj-redir://auth/mdm',
        iss: 'aad:brokerplugin',
      });
      return deviceTokenOf(context, await postToken(context, tokenEndpoint, signedRequestForm(request)));
    },
  );
}

async function asDeploymentError<T>(hresultOf: (error: TokenServiceError) => number, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TokenServiceError) throw new DeploymentError(hresultOf(error), error.message, { cause: error });
    throw error;
  }
}

/** The device reads tenant, device id and ZTD id from its token, as the cached token of a real one shows them (reference 02, 5.5 [trace]). */
function deviceTokenOf({ clock }: TokenContext, response: Parameters<typeof accessTokenOf>[0]): DeviceToken {
  const { accessToken, expiresIn } = accessTokenOf(response);
  const { tid, deviceid, ztdid } = claimsOf(accessToken, response.status);
  if (typeof tid !== 'string') throw new TokenServiceError(response.status, undefined);
  return {
    accessToken,
    expiresAt: new Date(clock.now().getTime() + expiresIn * 1000),
    tenantId: tid,
    ...(typeof deviceid === 'string' ? { deviceId: deviceid } : {}),
    ...(typeof ztdid === 'string' ? { ztdId: ztdid } : {}),
  };
}

/** Claims of a token, for the client that it was issued to: read, not verified. */
export function claimsOf(token: string, status: number): Readonly<Record<string, unknown>> {
  try {
    return decodeCompactJws(token).payload;
  } catch (error) {
    if (error instanceof JoseError) throw new TokenServiceError(status, undefined);
    throw error;
  }
}
