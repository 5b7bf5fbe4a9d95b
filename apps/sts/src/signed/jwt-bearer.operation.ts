import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { signedGrants } from '@greenscreen/wire/oauth';
import { type StsServices } from '../sts-services.js';
import { type TokenRequest } from '../token/token-request.js';
import { deviceAttestationGrant } from './device-attestation.operation.js';
import { deviceTokenGrant } from './device-token.operation.js';
import { p2pDeviceCertificate, p2pUserCertificate } from './p2p-certificate.operation.js';
import { prtUseGrant } from './prt-use.operation.js';
import { deviceUserGrant } from './prt.operation.js';
import { decodeSignedRequest, type SignedRequest } from './signed-request.js';

type SignedGrant = (sts: StsServices, request: TokenRequest, signed: SignedRequest) => Promise<Reply>;

/** What a device certificate's key may sign for, by the payload's `grant_type`. */
const deviceGrants: Readonly<Record<string, SignedGrant>> = {
  [signedGrants.deviceAttestation]: deviceAttestationGrant,
  [signedGrants.deviceToken]: deviceTokenGrant,
  [signedGrants.deviceAuth]: p2pDeviceCertificate,
  [signedGrants.password]: deviceUserGrant,
  [signedGrants.refreshToken]: deviceUserGrant,
  [signedGrants.jwtBearer]: deviceUserGrant,
  [signedGrants.saml11]: deviceUserGrant,
};

/** `grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer` with `request` (reference 02, 7 and 8, 12.3): the signature's kind decides. */
export function jwtBearerGrant(sts: StsServices, request: TokenRequest): Promise<Reply> {
  const signed = decodeSignedRequest(request);
  request.signIn.grant = signed.grant;
  const { alg } = signed.jws.header;
  if (alg === 'HS256') return (signed.text('cert_token_use') === undefined ? prtUseGrant : p2pUserCertificate)(sts, request, signed);
  if (alg !== 'RS256') throw new Fault('sts.50027');
  const grant = deviceGrants[signed.grant];
  if (!grant) throw new Fault('sts.70003', { grantType: signed.grant });
  return grant(sts, request, signed);
}
