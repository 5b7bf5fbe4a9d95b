import { currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { bearerToken } from '@greenscreen/host/identity';
import { resources } from '@greenscreen/wire/oauth';
import { type AcceptedTokens, authenticateToken } from '../enrollment/token/authenticate.js';
import { redeemEnrollmentToken } from '../enrollment/token/enrollment-token.store.js';
import { type Principal } from '../enrollment/token/principal.js';
import { refusedAs } from '../enrollment/token/refused-as.js';
import { type MdmServices } from '../mdm-services.js';

type PortalUser = Required<Pick<Principal, 'tenant' | 'user'>>;

/** The portal of Linux brings an access token for IWService [client: libhimmelblau]. */
const forIwService: AcceptedTokens = { audiences: resources.iwService, scope: 'user_impersonation' };

/** The user behind a token of the renewal service, or behind an access token for IWService. */
export async function portalUser(mdm: MdmServices, authorization: string | undefined): Promise<PortalUser> {
  const token = bearerToken(authorization) ?? '';
  const principal = await refusedAs('portal.Unauthorized', () =>
    token.includes('.') ? userOf(mdm, token) : redeemEnrollmentToken(mdm, token, 'portal'),
  );
  currentExchange().tenantId = principal.tenant.id;
  return principal;
}

async function userOf(mdm: MdmServices, token: string): Promise<PortalUser> {
  const { tenant, user } = await authenticateToken(mdm, token, forIwService);
  if (!user) throw new Fault('portal.Unauthorized');
  return { tenant, user };
}
