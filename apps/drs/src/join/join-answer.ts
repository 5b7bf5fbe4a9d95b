import { sidOfObjectId } from '@greenscreen/crypto/sid';
import { currentExchange } from '@greenscreen/host/exchange';
import { encodeJoinResponse, joinTypes } from '@greenscreen/wire/drs';
import { sentCertificate } from './certificate-defect.js';
import { type CompletedJoin } from './complete-join.js';
import { type JoinAttempt } from './join-attempt.js';

/** The members of a join's answer (reference 02, 10.6): a userless join has no `User`, others no `ResponseStatus`. */
export function encodeJoinAnswer(attempt: JoinAttempt, { device, certificate }: CompletedJoin): Record<string, unknown> {
  const { request, user, kind, now } = attempt;
  return encodeJoinResponse({
    certificate: sentCertificate(certificate),
    upn: user?.upn,
    responseStatus:
      kind === 'device'
        ? {
            message: `Successfully updated pre-created device with id ${device.deviceId}.`,
            traceId: currentExchange().traceId,
            time: now,
          }
        : undefined,
    addedSids: request.attributes.returnClientSid ? addedSids(attempt) : undefined,
  });
}

/** Who becomes a local administrator: the user, and the tenant's two roles; nobody on a device that only registers. */
function addedSids({ request, tenant, user }: JoinAttempt): string[] {
  if (request.joinType === joinTypes.register) return [];
  return [...(user ? [user.id] : []), tenant.globalAdministratorRoleId, tenant.deviceAdministratorRoleId].map(sidOfObjectId);
}
