import { encryptSessionResponse } from '@greenscreen/crypto/jose';
import { runChecks } from '@greenscreen/host/exchange';
import { reply, type Reply } from '@greenscreen/host/reply';
import { clientIds, encodeTokenResponseV1 } from '@greenscreen/wire/oauth';
import { type EntityManager } from 'typeorm';
import { findClient } from '../clients/client.js';
import { findResource, type Resource } from '../clients/resource.js';
import { parseScope, type RequestedScope } from '../clients/scope.js';
import { requireSecondFactor } from '../second-factor/second-factor.store.js';
import { stsHeaders } from '../sts-reply.js';
import { type StsServices } from '../sts-services.js';
import { type TokenRequest } from '../token/token-request.js';
import { type ClientAuthentication, type UserAuthentication } from '../tokens/authentication.js';
import { issueRefreshToken } from '../tokens/refresh-token.store.js';
import { issueUserTokens } from '../tokens/token-answer.js';
import { noteSignIn } from './last-sign-in.js';
import { prtMembers } from './prt.operation.js';
import { sessionChecks, SessionSigned } from './session-signed.js';
import { type SignedRequest } from './signed-request.js';

/** A token for a resource, or a new PRT, in exchange for a PRT (reference 02, 7.5). The answer is encrypted with the session key. */
export async function prtUseGrant(sts: StsServices, request: TokenRequest, signed: SignedRequest): Promise<Reply> {
  const state = new SessionSigned(sts, signed, request.signIn, request.segment.tenant);
  await runChecks(state, sessionChecks);
  const scope = parseScope(signed.text('scope'));
  const clientId = signed.text('client_id') ?? clientIds.windowsSignIn;
  request.signIn.appId = clientId;
  const client: ClientAuthentication = { client: await findClient(sts.em, clientId, state.tenant), appidacr: '0' };
  const identifier = signed.text('resource') ?? scope.resource;
  if (identifier !== undefined) request.signIn.resource = identifier;
  const resource = identifier === undefined ? undefined : await findResource(sts.em, identifier, client.client, state.tenant);
  if (resource) requireSecondFactor(state.tenant, state.user, state.prt.amr, resource.audience);
  const members = await sts.transaction((em) => answerMembers(em, state, client, resource, scope));
  const jwe = encryptSessionResponse(state.sessionKey, JSON.stringify(members));
  return reply(200, 'application/jose', jwe, stsHeaders());
}

async function answerMembers(
  em: EntityManager,
  state: SessionSigned,
  client: ClientAuthentication,
  resource: Resource | undefined,
  scope: RequestedScope,
): Promise<Record<string, unknown>> {
  const { sts, tenant, user, device, prt, now } = state;
  const authentication: UserAuthentication = { tenant, user, device, amr: prt.amr, authenticatedAt: prt.authenticatedAt };
  await noteSignIn(em, device, now);
  const tokens = await issueUserTokens(sts, em, {
    authentication,
    client,
    resource,
    scope,
    version: 1,
    idToken: true,
    refreshToken: !scope.aza,
    clientInfo: true,
    now,
  });
  if (!scope.aza) return encodeTokenResponseV1(tokens);
  const primary = { sessionKey: state.sessionKey, certificateThumbprint: prt.certificateThumbprint ?? '' };
  const clientId = client.client.clientId;
  const refreshToken = await issueRefreshToken(em, { authentication, clientId, now, random: sts.random, primary });
  const renewed = prtMembers(sts, { authentication, clientId, now, refreshToken });
  return resource ? { ...encodeTokenResponseV1(tokens), ...renewed, access_token: tokens.accessToken } : renewed;
}
