import { issuerOf } from '@greenscreen/host/identity';
import { type Random } from '@greenscreen/host/random';
import { type Resource } from '../clients/resource.js';
import { seconds } from '../sts-services.js';
import { type ClientAuthentication, type UserAuthentication } from '../tokens/authentication.js';
import { clientAddress, GLOBAL_ADMINISTRATOR, opaqueClaims, pairwiseSubject, tokenTimes } from './common-claims.js';

export interface UserTokenInput {
  readonly authentication: UserAuthentication;
  readonly client: ClientAuthentication;
  readonly resource: Resource;
  readonly scopes: readonly string[];
  readonly now: Date;
  readonly random: Random;
}

/** Claims of an access token for a user (reference 02, 5.2 to 5.4). Version 1.0 from both endpoints (06, D-B2). */
export function userTokenClaims({ authentication, client, resource, scopes, now, random }: UserTokenInput): Record<string, unknown> {
  const { tenant, user, amr, authenticatedAt, device } = authentication;
  const { aio, rh, uti } = opaqueClaims(random);
  return {
    aud: resource.audience,
    iss: issuerOf(tenant.id),
    ...tokenTimes(now),
    acr: '1',
    aio,
    amr,
    appid: client.client.clientId,
    appidacr: client.appidacr,
    auth_time: seconds(authenticatedAt),
    ...(device ? { deviceid: device.deviceId } : {}),
    family_name: user.surname,
    given_name: user.givenName,
    idtyp: 'user',
    ipaddr: clientAddress(),
    name: user.displayName,
    oid: user.id,
    puid: user.puid,
    rh,
    scp: scopes.join(' '),
    sub: pairwiseSubject(user.id, client.client.clientId),
    tid: tenant.id,
    unique_name: user.upn,
    upn: user.upn,
    uti,
    ver: '1.0',
    ...(user.isGlobalAdministrator ? { wids: [GLOBAL_ADMINISTRATOR] } : {}),
  };
}
