import { currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { bearerToken } from '@greenscreen/host/identity';
import { reply, type Reply } from '@greenscreen/host/reply';
import { type DirectoryUser } from '@greenscreen/model/tenancy';
import { encodeRenewedToken } from '@greenscreen/wire/company-portal';
import { authenticateToken } from '../enrollment/token/authenticate.js';
import { issueEnrollmentToken } from '../enrollment/token/enrollment-token.store.js';
import { refusedAs } from '../enrollment/token/refused-as.js';
import { type MdmServices } from '../mdm-services.js';

/** Changes a user's access token for one that IWService takes (reference 04, 9): opaque to the client. */
export async function renewTokenOperation(mdm: MdmServices, authorization: string | undefined): Promise<Reply> {
  const user = await userOf(mdm, authorization);
  return reply(200, 'application/json; charset=utf-8', encodeRenewedToken(await issueEnrollmentToken(mdm, user, 'portal')));
}

async function userOf(mdm: MdmServices, authorization: string | undefined): Promise<DirectoryUser> {
  const { user } = await refusedAs('portal.Unauthorized', () => authenticateToken(mdm, bearerToken(authorization) ?? ''));
  if (!user) throw new Fault('portal.Unauthorized');
  currentExchange().tenantId = user.tenantId;
  return user;
}
