import { currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { DirectoryUser, mdmApplicationsOfDevice, mdmApplicationsOfUser, type MdmApplication } from '@greenscreen/model/tenancy';
import { encodeMdmApplications } from '@greenscreen/wire/drs';
import { type AccessTokenClaims } from '@greenscreen/wire/oauth';
import { type DrsServices } from '../drs-services.js';
import { drsJson } from '../drs-reply.js';
import { requireTenant } from '../tenant-segment.js';
import { requireBearer, verifyRegistrationToken } from '../token/registration-token.js';

/** The MDM applications that apply to the device or user of a token (reference 06, D-B36). */
export async function mdmListOperation(drs: DrsServices, segment: string, authorization: string | undefined): Promise<Reply> {
  await drs.clock.now();
  const claims = await verifyRegistrationToken(drs, requireBearer(authorization));
  if (segment.toLowerCase() !== 'common' && (await requireTenant(drs, segment)).id !== claims.tid) throw new Fault('drs.InvalidToken');
  currentExchange().tenantId = claims.tid;
  return drsJson(200, encodeMdmApplications(await applicationsOf(drs, claims)));
}

async function applicationsOf({ em }: DrsServices, { kind, tid, oid }: AccessTokenClaims): Promise<MdmApplication[]> {
  if (kind === 'device') return mdmApplicationsOfDevice(em, tid);
  const user = oid === undefined ? null : await em.findOneBy(DirectoryUser, { id: oid, tenantId: tid });
  if (!user) throw new Fault('drs.InvalidToken');
  return mdmApplicationsOfUser(em, user);
}
