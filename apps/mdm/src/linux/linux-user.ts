import { currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { bearerToken } from '@greenscreen/host/identity';
import { resources } from '@greenscreen/wire/oauth';
import { type AcceptedTokens, authenticateToken } from '../enrollment/token/authenticate.js';
import { type Principal } from '../enrollment/token/principal.js';
import { refusedAs } from '../enrollment/token/refused-as.js';
import { type MdmServices } from '../mdm-services.js';

/** A user, at a device that the token may name. */
export type LinuxUser = Principal & Required<Pick<Principal, 'user'>>;

/** What `details`, `policies` and `status` are called with; enrollment takes what every enrollment does (himmelblau-idm/intune-spec 1.8.3). */
const forCheckIn: AcceptedTokens = { audiences: resources.intuneMdm, scope: 'mdm_delegation' };

/** The user who enrolls a device. */
export const enrollingUser = (mdm: MdmServices, authorization: string | undefined): Promise<LinuxUser> =>
  userOf(() => authenticateToken(mdm, bearerToken(authorization) ?? ''));

/** The user whose device checks in. */
export const checkInUser = (mdm: MdmServices, authorization: string | undefined): Promise<LinuxUser> =>
  userOf(() => authenticateToken(mdm, bearerToken(authorization) ?? '', forCheckIn));

async function userOf(authenticate: () => Promise<Principal>): Promise<LinuxUser> {
  const { user, ...principal } = await refusedAs('linux.Unauthorized', authenticate);
  if (!user) throw new Fault('linux.Unauthorized');
  const exchange = currentExchange();
  exchange.tenantId = principal.tenant.id;
  if (principal.entraDeviceId !== undefined) exchange.deviceId = principal.entraDeviceId;
  return { ...principal, user };
}
