import { type Reply } from '@greenscreen/host/reply';
import { encodeTokenResponseV1, encodeTokenResponseV2 } from '@greenscreen/wire/oauth';
import { type EntityManager } from 'typeorm';
import { stsJson } from '../sts-reply.js';
import { type StsServices } from '../sts-services.js';
import { type ClientAuthentication, type UserAuthentication } from '../tokens/authentication.js';
import { issueUserTokens } from '../tokens/token-answer.js';
import { type TokenRequest, type Wanted } from './token-request.js';

export interface UserGrantAnswer {
  readonly authentication: UserAuthentication;
  readonly client: ClientAuthentication;
  readonly wanted: Wanted;
  readonly nonce?: string | undefined;
  /** v2 answers carry a refresh token when `offline_access` was granted, now or earlier. */
  readonly offlineAccess?: boolean;
  readonly now: Date;
}

/** The tokens that any user grant ends with. v1 always gives ID and refresh token, v2 when they were asked for (reference 02, 4.4). */
export async function answerUserGrant(sts: StsServices, em: EntityManager, request: TokenRequest, answer: UserGrantAnswer): Promise<Reply> {
  const { authentication, client, wanted, now } = answer;
  const v1 = request.version === 1;
  const tokens = await issueUserTokens(sts, em, {
    authentication,
    client,
    resource: wanted.resource,
    scope: wanted.scope,
    version: request.version,
    idToken: v1 || wanted.scope.openid,
    refreshToken: v1 || wanted.scope.offlineAccess || (answer.offlineAccess ?? false),
    nonce: answer.nonce,
    clientInfo: request.form.get('client_info') === '1',
    now,
  });
  return stsJson(200, v1 ? encodeTokenResponseV1(tokens) : encodeTokenResponseV2(tokens));
}
