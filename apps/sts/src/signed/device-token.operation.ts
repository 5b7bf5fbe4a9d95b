import { runChecks } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { ztdIdOf } from '@greenscreen/model/directory';
import { clientIds, encodeTokenResponseV1 } from '@greenscreen/wire/oauth';
import { LIFETIME, tokenTimes } from '../claims/common-claims.js';
import { deviceTokenClaims, type DeviceTokenInput } from '../claims/device-token.js';
import { findClient } from '../clients/client.js';
import { findResource, type Resource } from '../clients/resource.js';
import { stsJson } from '../sts-reply.js';
import { type StsServices } from '../sts-services.js';
import { type TokenRequest } from '../token/token-request.js';
import { signClaims } from '../tokens/token-signer.js';
import { deviceChecks, DeviceSigned } from './device-signed.js';
import { noteSignIn } from './last-sign-in.js';
import { requiredMember, type SignedRequest } from './signed-request.js';

/** Resources that take a token of a device alone (reference 02, 8.1). */
const DEVICE_RESOURCES = new Set(['deviceRegistration', 'enrollment']);

/** The resource of a request for a device token; others than DRS and enrollment are AADSTS221000. */
export async function deviceResourceOf(sts: StsServices, request: TokenRequest, signed: SignedRequest): Promise<Resource> {
  const identifier = requiredMember(signed, 'resource');
  request.signIn.resource = identifier;
  request.signIn.appId = signed.text('client_id') ?? clientIds.authenticationBroker;
  const client = await findClient(sts.em, request.signIn.appId, request.segment.tenant);
  const resource = await findResource(sts.em, identifier, client, request.segment.tenant);
  if (resource.name === undefined || !DEVICE_RESOURCES.has(resource.name)) throw new Fault('sts.221000', { resource: identifier });
  return resource;
}

/** Plain JSON, without a refresh token (reference 02, 8.1 [inferred]). */
export async function answerDeviceToken(sts: StsServices, input: DeviceTokenInput): Promise<Reply> {
  const { exp, nbf } = tokenTimes(input.now);
  const accessToken = await signClaims(sts.authorities, input.tenant, deviceTokenClaims(input));
  return stsJson(
    200,
    encodeTokenResponseV1({ expiresIn: LIFETIME - 1, expiresOn: exp, notBefore: nbf, resource: input.resource.audience, accessToken }),
  );
}

/** `device_token`: a token for the device itself, signed for with its certificate (reference 02, 8.1). */
export async function deviceTokenGrant(sts: StsServices, request: TokenRequest, signed: SignedRequest): Promise<Reply> {
  const state = new DeviceSigned(sts, request, signed);
  await runChecks(state, deviceChecks);
  const { tenant, now } = state;
  const { device } = state.identity;
  const resource = await deviceResourceOf(sts, request, signed);
  await noteSignIn(sts.em, device, now);
  return answerDeviceToken(sts, { tenant, device, ztdId: ztdIdOf(device), resource, now, random: sts.random });
}
