import { encodeClientInfo, type TokenResponse } from '@greenscreen/wire/oauth';
import { type EntityManager } from 'typeorm';
import { LIFETIME, tokenTimes } from '../claims/common-claims.js';
import { idTokenClaims } from '../claims/id-token.js';
import { userTokenClaims } from '../claims/user-token.js';
import { type Resource } from '../clients/resource.js';
import { type RequestedScope } from '../clients/scope.js';
import { type StsServices } from '../sts-services.js';
import { type ClientAuthentication, type UserAuthentication } from './authentication.js';
import { issueRefreshToken } from './refresh-token.store.js';
import { signClaims } from './token-signer.js';

export interface UserTokenRequest {
  readonly authentication: UserAuthentication;
  readonly client: ClientAuthentication;
  /** Undefined: no access token. */
  readonly resource?: Resource | undefined;
  /** Narrower than the resource's default when permissions were asked for by name. */
  readonly scope?: RequestedScope;
  readonly version: 1 | 2;
  readonly idToken: boolean;
  readonly refreshToken: boolean;
  /** OpenID nonce of the authorize request. */
  readonly nonce?: string | undefined;
  readonly clientInfo: boolean;
  readonly now: Date;
}

/** Issues the tokens of one answer to a user grant, inside the caller's transaction. */
export async function issueUserTokens(
  { random, authorities }: StsServices,
  em: EntityManager,
  request: UserTokenRequest,
): Promise<TokenResponse> {
  const { authentication, client, resource, now } = request;
  const times = tokenTimes(now);
  const scopes = resource ? grantedScopes(resource, request.scope?.permissions ?? []) : [];
  const clientId = client.client.clientId;
  const accessToken =
    resource &&
    (await signClaims(authorities, authentication.tenant, userTokenClaims({ authentication, client, resource, scopes, now, random })));
  const idToken = request.idToken
    ? await signClaims(
        authorities,
        authentication.tenant,
        idTokenClaims({ authentication, clientId, version: request.version, nonce: request.nonce, now, random }),
      )
    : undefined;
  return {
    scope: scopeText(request, resource, scopes),
    expiresIn: LIFETIME - 1,
    expiresOn: times.exp,
    notBefore: times.nbf,
    resource: resource?.audience,
    accessToken,
    refreshToken: request.refreshToken
      ? await issueRefreshToken(em, { authentication, clientId, now, random, scope: renewalScope(request) })
      : undefined,
    foci: request.refreshToken && client.client.firstParty ? '1' : undefined,
    idToken,
    clientInfo: request.clientInfo ? encodeClientInfo(authentication.user.id, authentication.tenant.id) : undefined,
  };
}

/** What a refresh token stands for when its client names nothing. */
const renewalScope = ({ version, scope, resource }: UserTokenRequest): string | undefined =>
  version === 2 ? scope?.text : resource && `${resource.audience}/.default openid`;

/** Permissions asked for by name, as far as they are granted; all of them for `.default`. */
function grantedScopes(resource: Resource, permissions: readonly string[]): readonly string[] {
  const wanted = new Set(permissions.map((permission) => permission.toLowerCase()));
  const narrowed = resource.defaultScopes.filter((scope) => wanted.has(scope.toLowerCase()));
  return narrowed.length > 0 ? narrowed : resource.defaultScopes;
}

function scopeText({ version, idToken }: UserTokenRequest, resource: Resource | undefined, scopes: readonly string[]): string {
  if (version === 1) return scopes.join(' ');
  const prefix = resource ? resource.audience.replace(/\/$/, '') : '';
  return [...scopes.map((scope) => `${prefix}/${scope}`), ...(idToken ? ['openid', 'profile'] : [])].join(' ');
}
