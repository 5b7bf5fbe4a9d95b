import { currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { Tenant } from '@greenscreen/model/tenancy';
import { parseScope } from '../../clients/scope.js';
import { requireSecondFactor } from '../../second-factor/second-factor.store.js';
import { type StsServices } from '../../sts-services.js';
import { userOfGrant } from '../../tenancy/password.js';
import { deviceOfGrant } from '../../tokens/device-of-grant.js';
import { findRefreshToken, requireUsable, useUp } from '../../tokens/refresh-token.store.js';
import { clientOf, requiredField, type TokenRequest, wantedOf } from '../token-request.js';
import { answerUserGrant } from '../user-grant.js';

/**
 * `grant_type=refresh_token`. The token is not bound to a resource, and Microsoft's own clients redeem each other's (reference 02, 4.4);
 * anybody else only its own. The old token stays valid, unless the tenant's switch `sts.singleUseRefreshToken` uses it up.
 */
export async function refreshTokenGrant(sts: StsServices, request: TokenRequest): Promise<Reply> {
  const row = await findRefreshToken(sts.em, requiredField(request, 'refresh_token'), 'refresh');
  const tenant = await sts.em.findOneByOrFail(Tenant, { id: row.tenantId });
  if (request.segment.tenant && request.segment.tenant.id !== tenant.id) throw new Fault('sts.70000');
  currentExchange().tenantId = tenant.id;
  const client = await clientOf(sts, request, tenant);
  if (!client.client.firstParty && client.client.clientId !== row.clientId) throw new Fault('sts.70000');
  const now = await sts.clock.now(tenant.id);
  requireUsable(row, now);
  const user = await userOfGrant(sts.em, row.userId);
  request.signIn.userId = user.id;
  request.signIn.upn = user.upn;
  requireSecondFactor(tenant, user, row.amr, request.form.get('resource') ?? request.form.get('scope'));
  const device = await deviceOfGrant(sts.em, row.deviceObjectId);
  if (device) request.signIn.deviceId = device.deviceId;
  const wanted = await wantedOf(sts, request, client, tenant, { scope: row.scope, resource: parseScope(row.scope ?? undefined).resource });
  const authentication = { tenant, user, amr: row.amr, authenticatedAt: row.authenticatedAt, ...(device ? { device } : {}) };
  return sts.transaction(async (em) => {
    await useUp(em, tenant, row, now);
    return answerUserGrant(sts, em, request, { authentication, client, wanted, offlineAccess: true, now });
  });
}
