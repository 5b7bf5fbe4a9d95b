import { type Reply } from '@greenscreen/host/reply';
import { passwordMethods, requireSecondFactor } from '../../second-factor/second-factor.store.js';
import { type StsServices } from '../../sts-services.js';
import { authenticatePassword } from '../../tenancy/password.js';
import { tenantOfUpn } from '../../tenancy/tenant-segment.js';
import { clientOf, requiredField, type TokenRequest, wantedOf } from '../token-request.js';
import { answerUserGrant } from '../user-grant.js';

/** `grant_type=password` (reference 02, 4.1). Nothing interactive can happen here, so a user who needs a second factor is refused. */
export async function passwordGrant(sts: StsServices, request: TokenRequest): Promise<Reply> {
  const upn = requiredField(request, 'username');
  const password = requiredField(request, 'password');
  request.signIn.upn = upn;
  const client = await clientOf(sts, request, request.segment.tenant);
  const tenant = await tenantOfUpn(sts.em, request.segment, upn);
  const wanted = await wantedOf(sts, request, client, tenant, { resource: '00000002-0000-0000-c000-000000000000' });
  const user = await authenticatePassword(sts.em, tenant, upn, password);
  request.signIn.userId = user.id;
  const amr = passwordMethods(tenant, user);
  requireSecondFactor(tenant, user, amr, request.signIn.resource);
  const now = await sts.clock.now(tenant.id);
  const authentication = { tenant, user, amr, authenticatedAt: now };
  return sts.transaction((em) => answerUserGrant(sts, em, request, { authentication, client, wanted, now }));
}
