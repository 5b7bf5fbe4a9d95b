import { currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { bearerToken } from '@greenscreen/host/identity';
import { redeemEnrollmentToken } from '../enrollment/token/enrollment-token.store.js';
import { type Principal } from '../enrollment/token/principal.js';
import { type MdmServices } from '../mdm-services.js';

/** The user behind a token of the renewal service. */
export async function portalUser(
  mdm: MdmServices,
  authorization: string | undefined,
): Promise<Required<Pick<Principal, 'tenant' | 'user'>>> {
  try {
    const principal = await redeemEnrollmentToken(mdm, bearerToken(authorization) ?? '', 'portal');
    currentExchange().tenantId = principal.tenant.id;
    return principal;
  } catch (error) {
    if (error instanceof Fault && error.code.startsWith('mdm.')) throw new Fault('portal.Unauthorized', {}, { cause: error });
    throw error;
  }
}
