import { encodeUnsignedJwt, encryptSessionKey } from '@greenscreen/crypto/jose';
import { publicKeyFromSpki } from '@greenscreen/crypto/keys';
import { runChecks } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { clientIds, encodeClientInfo, encodePrtResponse, encodeTokenResponseV1 } from '@greenscreen/wire/oauth';
import { type EntityManager } from 'typeorm';
import { prtIdTokenClaims } from '../claims/id-token.js';
import { findClient } from '../clients/client.js';
import { findResource } from '../clients/resource.js';
import { parseScope } from '../clients/scope.js';
import { seconds, type StsServices } from '../sts-services.js';
import { stsJson } from '../sts-reply.js';
import { type TokenRequest } from '../token/token-request.js';
import { type ClientAuthentication, type UserAuthentication } from '../tokens/authentication.js';
import { issueRefreshToken, PRT_LIFETIME } from '../tokens/refresh-token.store.js';
import { issueUserTokens } from '../tokens/token-answer.js';
import { deviceChecks, DeviceSigned } from './device-signed.js';
import { authenticateInner } from './inner-grant.js';
import { noteSignIn } from './last-sign-in.js';
import { type SignedRequest } from './signed-request.js';

/**
 * A device vouches for a user: `aza` in the scope asks for a PRT with a session key (reference 02, 7.1), a `resource` for an access token
 * with the device's claim (8.2), and both may be asked for at once. Neither is AADSTS90014.
 */
export async function deviceUserGrant(sts: StsServices, request: TokenRequest, signed: SignedRequest): Promise<Reply> {
  const state = new DeviceSigned(sts, request, signed);
  await runChecks(state, deviceChecks);
  const clientId = signed.text('client_id') ?? clientIds.windowsSignIn;
  request.signIn.appId = clientId;
  const client: ClientAuthentication = { client: await findClient(sts.em, clientId, state.tenant), appidacr: '0' };
  const identifier = signed.text('resource');
  const { aza } = parseScope(signed.text('scope'));
  if (identifier === undefined && !aza) throw new Fault('sts.90014', { field: 'resource' });
  const resource = identifier === undefined ? undefined : await findResource(sts.em, identifier, client.client, state.tenant);
  if (identifier !== undefined) request.signIn.resource = identifier;
  const { device } = state.identity;
  const authentication: UserAuthentication = { ...(await authenticateInner(state)), tenant: state.tenant, device };
  if (aza && device.transportKeySpki === null) throw new Fault('sts.130006');
  return sts.transaction(async (em) => {
    await noteSignIn(em, device, state.now);
    const clientInfo = request.form.get('client_info') === '1';
    const tokens = await issueUserTokens(sts, em, {
      authentication,
      client,
      resource,
      version: 1,
      idToken: !aza,
      refreshToken: !aza,
      clientInfo,
      now: state.now,
    });
    if (!aza) return stsJson(200, encodeTokenResponseV1(tokens));
    return stsJson(200, {
      ...(await issuePrt(em, state, authentication, clientId)),
      ...(tokens.accessToken ? { access_token: tokens.accessToken, resource: tokens.resource, scope: tokens.scope } : {}),
    });
  });
}

async function issuePrt(
  em: EntityManager,
  { sts, identity, now }: DeviceSigned,
  authentication: UserAuthentication,
  clientId: string,
): Promise<Record<string, unknown>> {
  const { device, thumbprint } = identity;
  if (device.transportKeySpki === null) throw new Fault('sts.130006');
  const { sessionKey, jwe } = encryptSessionKey(publicKeyFromSpki(device.transportKeySpki));
  const refreshToken = await issueRefreshToken(em, {
    authentication,
    clientId,
    now,
    random: sts.random,
    primary: { sessionKey, certificateThumbprint: thumbprint },
  });
  return prtMembers(sts, { authentication, clientId, now, refreshToken, sessionKeyJwe: jwe });
}

export interface PrtMembers {
  readonly authentication: UserAuthentication;
  readonly clientId: string;
  readonly now: Date;
  readonly refreshToken: string;
  /** Absent for a renewal. */
  readonly sessionKeyJwe?: string;
}

/** The members of a PRT answer (reference 02, 7.2). */
export function prtMembers(
  { random }: StsServices,
  { authentication, clientId, now, refreshToken, sessionKeyJwe }: PrtMembers,
): Record<string, unknown> {
  const { tenant, user } = authentication;
  return encodePrtResponse({
    refreshToken,
    expiresIn: PRT_LIFETIME,
    expiresOn: seconds(now) + PRT_LIFETIME,
    idToken: encodeUnsignedJwt(prtIdTokenClaims(authentication, clientId, now, random)),
    clientInfo: encodeClientInfo(user.id, tenant.id),
    tenantId: tenant.id,
    sessionKeyJwe,
  });
}
