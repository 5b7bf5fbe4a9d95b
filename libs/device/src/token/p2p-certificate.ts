import { clientIds, p2pCsrType, signedGrants } from '@greenscreen/wire/oauth';
import { type DeviceCredential, signWithDevice, winVer } from './device-credential.js';
import { jsonOf, postToken, requestNonce, signedRequestForm, type TokenContext } from './token-call.js';
import { TokenServiceError } from './token-service-error.js';

export interface P2pRequest {
  readonly tokenEndpoint: string;
  readonly credential: DeviceCredential;
  /** PKCS#10, DER; its subject is the device certificate's. */
  readonly csr: Buffer;
  readonly netbiosName: string;
  readonly dnsNames: readonly string[];
}

/** The device's certificate for peer-to-peer sign-in, with its issuer (reference 02, 8.3). DER. */
export async function requestP2pCertificate(context: TokenContext, request: P2pRequest): Promise<{ certificate: Buffer; issuer: Buffer }> {
  const { tokenEndpoint, credential, csr, netbiosName, dnsNames } = request;
  const signed = await signWithDevice(credential, {
    client_id: clientIds.windowsSignIn,
    request_nonce: await requestNonce(context, tokenEndpoint),
    win_ver: winVer(context),
    grant_type: signedGrants.deviceAuth,
    cert_token_use: 'device_cert',
    csr_type: p2pCsrType,
    csr: csr.toString('base64'),
    netbios_name: netbiosName,
    dns_names: dnsNames,
  });
  const response = await postToken(context, tokenEndpoint, signedRequestForm(signed));
  const value = jsonOf(response);
  if (typeof value !== 'object' || value === null || !('x5c' in value) || !('x5c_ca' in value))
    throw new TokenServiceError(response.status, undefined);
  const { x5c, x5c_ca: issuer } = value;
  if (typeof x5c !== 'string' || typeof issuer !== 'string') throw new TokenServiceError(response.status, undefined);
  return { certificate: Buffer.from(x5c, 'base64'), issuer: Buffer.from(issuer, 'base64') };
}
