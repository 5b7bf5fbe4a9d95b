import { issuerOf } from '@greenscreen/host/identity';
import { type Random } from '@greenscreen/host/random';
import { type Application } from '@greenscreen/model/tenancy';
import { type ClientProof } from '../clients/authenticate-client.js';
import { type Resource } from '../clients/resource.js';
import { opaqueClaims, tokenTimes } from './common-claims.js';

/** Claims of an application's own token: `roles`, neither `scp` nor `upn` (reference 02, 5.6). */
export function appTokenClaims(
  application: Application,
  proof: ClientProof,
  resource: Resource,
  now: Date,
  random: Random,
): Record<string, unknown> {
  const { aio, rh, uti } = opaqueClaims(random);
  return {
    aud: resource.audience,
    iss: issuerOf(application.tenantId),
    ...tokenTimes(now),
    aio,
    app_displayname: application.displayName,
    appid: application.clientId,
    appidacr: proof,
    idp: issuerOf(application.tenantId),
    idtyp: 'app',
    oid: application.servicePrincipalId,
    rh,
    ...(resource.name === 'microsoftGraph' || resource.name === 'azureAdGraph' ? { roles: application.roles } : {}),
    sub: application.servicePrincipalId,
    tid: application.tenantId,
    uti,
    ver: '1.0',
  };
}
