import { currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { AccessTokenError, bearerToken, verifyAccessToken } from '@greenscreen/host/identity';
import { type AccessTokenClaims, firstPartyClient, resources } from '@greenscreen/wire/oauth';
import { type DrsServices } from '../drs-services.js';

/** Only a missing header is 401 (reference 06, D-A31). Another scheme counts as missing. */
export function requireBearer(authorization: string | undefined): string {
  const token = bearerToken(authorization);
  if (token === undefined) throw new Fault('drs.MissingToken');
  return token;
}

/**
 * The claims of a token for this service, in either spelling of the audience. Signature, issuer, audience, times and a client that is not
 * Microsoft's own all read `Invalid JWT token.` (reference 02, 5.2 [trace]; 06 D-A31).
 */
export async function verifyRegistrationToken({ authorities, clock }: DrsServices, token: string): Promise<AccessTokenClaims> {
  const claims = await verified(token, { authorities, clock });
  if (claims.kind === 'app' || claims.appid === undefined || !firstPartyClient(claims.appid)) throw new Fault('drs.InvalidToken');
  const exchange = currentExchange();
  exchange.tenantId = claims.tid;
  if (claims.deviceid !== undefined) exchange.deviceId = claims.deviceid.toLowerCase();
  return claims;
}

/** The claims of an application's own token for this service. */
export async function verifyApplicationToken(drs: DrsServices, token: string): Promise<AccessTokenClaims> {
  const claims = await verified(token, drs);
  if (claims.kind !== 'app') throw new Fault('drs.InvalidToken');
  currentExchange().tenantId = claims.tid;
  return claims;
}

async function verified(token: string, { authorities, clock }: Pick<DrsServices, 'authorities' | 'clock'>): Promise<AccessTokenClaims> {
  try {
    return await verifyAccessToken(token, {
      authorities,
      audiences: resources.deviceRegistration,
      now: (tenantId) => clock.now(tenantId),
    });
  } catch (error) {
    if (error instanceof AccessTokenError) throw new Fault('drs.InvalidToken', {}, { cause: error });
    throw error;
  }
}
