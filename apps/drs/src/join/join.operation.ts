import { sidOfObjectId } from '@greenscreen/crypto/sid';
import { msOrganizationAccess } from '@greenscreen/host/authority/definitions';
import { currentExchange, runChecks } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { type EntraDevice } from '@greenscreen/model/directory';
import { encodeJoinResponse, type JoinResponse, joinTypes } from '@greenscreen/wire/drs';
import { type DrsServices } from '../drs-services.js';
import { drsJson } from '../drs-reply.js';
import { completeJoin, type CompletedJoin } from './complete-join.js';
import { failJoin } from './fail-join.js';
import { JoinAdmission, JoinAttempt, type JoinInput } from './join-attempt.js';
import { userlessObjectChecks, userObjectChecks } from './object.checks.js';
import { requestChecks } from './request.checks.js';
import { userChecks } from './user.checks.js';
import { userlessChecks } from './userless.checks.js';

/** A device joins or registers (reference 02, section 10 and 12): with a user's token, or with its own. */
export async function joinOperation(drs: DrsServices, input: JoinInput): Promise<Reply> {
  const attempt = new JoinAttempt(drs, input);
  let device: EntraDevice | undefined;
  try {
    await runChecks(attempt, requestChecks);
    await runChecks(attempt, attempt.userless ? userlessChecks : userChecks);
    const authority = await drs.authorities.get(msOrganizationAccess);
    const joined = await drs.transaction(async (em) => {
      const admission = new JoinAdmission(attempt, em);
      try {
        await runChecks(admission, attempt.userless ? userlessObjectChecks : userObjectChecks);
      } finally {
        device = admission.device;
      }
      return completeJoin(admission, authority);
    });
    currentExchange().deviceId = joined.device.deviceId;
    return drsJson(200, encodeJoinResponse(answer(attempt, joined)));
  } catch (error) {
    if (error instanceof Fault) await failJoin(attempt, device, error);
    throw error;
  }
}

/** The members of the answer (reference 02, 10.6): a userless join has no `User`, a user's no `ResponseStatus`. */
function answer({ request, tenant, user, now }: JoinAttempt, { device, certificate }: CompletedJoin): JoinResponse {
  const administrators = [tenant.globalAdministratorRoleId, tenant.deviceAdministratorRoleId];
  const added = request.joinType === joinTypes.register ? [] : [...(user ? [user.id] : []), ...administrators];
  return {
    certificate,
    upn: user?.upn,
    responseStatus: user
      ? undefined
      : {
          message: `Successfully updated pre-created device with id ${device.deviceId}.`,
          traceId: currentExchange().traceId,
          time: now,
        },
    addedSids: request.attributes.returnClientSid ? added.map(sidOfObjectId) : undefined,
  };
}
