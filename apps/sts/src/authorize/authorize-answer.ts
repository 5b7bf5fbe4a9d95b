import { type Reply } from '@greenscreen/host/reply';
import { encodeClientInfo } from '@greenscreen/wire/oauth';
import { type EntityManager } from 'typeorm';
import { LIFETIME } from '../claims/common-claims.js';
import { idTokenClaims } from '../claims/id-token.js';
import { mdmClaims } from '../claims/mdm-claims.js';
import { userTokenClaims } from '../claims/user-token.js';
import { type StsServices } from '../sts-services.js';
import { type UserAuthentication } from '../tokens/authentication.js';
import { issueCode } from '../tokens/authorization-code.store.js';
import { signClaims } from '../tokens/token-signer.js';
import { type AuthorizeRequest } from './authorize-request.js';
import { sendAnswer } from './response-modes.js';

export interface AuthorizeAnswer {
  readonly authentication: UserAuthentication;
  readonly sessionId: string;
  readonly cookies?: readonly string[];
  readonly now: Date;
}

/** What an authorize request ends with: code, ID token and access token as asked for (reference 02, 3.1 and 5.3). */
export async function answerAuthorize(
  sts: StsServices,
  em: EntityManager,
  request: AuthorizeRequest,
  answer: AuthorizeAnswer,
): Promise<Reply> {
  const { responseTypes, client, form } = request;
  const { authentication, now } = answer;
  const code = responseTypes.has('code') ? await issueCode(em, codeRequestOf(request), authentication, now, sts.random) : undefined;
  const accessToken = responseTypes.has('token') ? await implicitToken(sts, request, authentication, now) : undefined;
  const members = [
    ['code', code],
    ['access_token', accessToken],
    ['token_type', accessToken && 'Bearer'],
    ['expires_in', accessToken && String(LIFETIME - 1)],
    ['id_token', responseTypes.has('id_token') ? await idToken(sts, em, request, answer, code) : undefined],
    ['client_info', form.get('client_info') === '1' ? encodeClientInfo(authentication.user.id, authentication.tenant.id) : undefined],
    ['session_state', answer.sessionId],
    ['iss', client.firstParty ? undefined : `https://login.microsoftonline.com/${authentication.tenant.id}/v2.0`],
  ] as const;
  return sendAnswer(request, members, answer.cookies);
}

const codeRequestOf = (request: AuthorizeRequest) => ({
  clientId: request.client.clientId,
  redirectUri: request.redirectUri,
  resource: request.resource?.audience ?? null,
  scope: request.form.get('scope') ?? null,
  nonce: request.nonce ?? null,
  codeChallenge: request.codeChallenge,
  codeChallengeMethod: request.codeChallengeMethod,
});

/** An ID token for DRS carries what the device needs to find its MDM service (reference 02, 5.3). */
async function idToken(
  sts: StsServices,
  em: EntityManager,
  request: AuthorizeRequest,
  { authentication, now }: AuthorizeAnswer,
  code: string | undefined,
): Promise<string> {
  const { client, version, nonce, resource } = request;
  const extra = resource?.name === 'deviceRegistration' ? await mdmClaims(em, authentication.user) : undefined;
  const claims = idTokenClaims({ authentication, clientId: client.clientId, version, nonce, code, extra, now, random: sts.random });
  return signClaims(sts.authorities, authentication.tenant, claims);
}

async function implicitToken(
  sts: StsServices,
  { resource, client }: AuthorizeRequest,
  authentication: UserAuthentication,
  now: Date,
): Promise<string | undefined> {
  if (!resource) return undefined;
  const scopes = resource.defaultScopes;
  const claims = userTokenClaims({ authentication, client: { client, appidacr: '0' }, resource, scopes, now, random: sts.random });
  return signClaims(sts.authorities, authentication.tenant, claims);
}
