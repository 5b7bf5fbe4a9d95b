import { type Fault, faultText } from '@greenscreen/host/faults';
import { writeAudit } from '@greenscreen/model/audit';
import { failDeployment, latestDeployment } from '@greenscreen/model/autopilot';
import { deviceAudit, type EntraDevice } from '@greenscreen/model/directory';
import { drsFaults } from '../drs.errors.js';
import { type JoinAttempt } from './join-attempt.js';
import { userInitiator } from './join-audit.js';

/**
 * What a refusal leaves behind once the tenant is known: a failed `Register device` in the audit log (reference 02, 16), and, for a userless
 * join, the end of its deployment (06 D-A51). `device`: the object that the join was about, if it got that far.
 */
export async function failJoin(
  attempt: Partial<JoinAttempt> & Pick<JoinAttempt, 'drs'>,
  device: EntraDevice | undefined,
  refusal: Fault,
): Promise<void> {
  const { drs, tenant, now, user, claims, ticket, registration, request } = attempt;
  if (!tenant || !now) return;
  const entry = drsFaults[refusal.code];
  const reason = entry ? faultText(entry, refusal.detail) : refusal.code;
  const change = { ...drs.change(now), ...(user ? { initiatedBy: userInitiator(user) } : {}) };
  const target = device ?? { tenantId: tenant.id, objectId: '', displayName: request?.deviceDisplayName ?? '' };
  const ztdId = claims?.kind === 'device' ? claims.ztdid?.toLowerCase() : undefined;
  await drs.transaction(async (em) => {
    await writeAudit(em, {
      ...deviceAudit(change, target, {
        loggedByService: 'Device Registration Service',
        activityDisplayName: 'Register device',
        operationType: 'Add',
      }),
      result: 'failure',
      resultReason: reason,
      ...(device ? {} : { targetResources: [] }),
    });
    if (ztdId === undefined) return;
    // Without a ticket of this device the row is the one that the token service opened for the last attempt.
    const own = ticket && ticket.ddid === registration?.ddid;
    const globalDeviceId = own ? ticket.gdid : (await latestDeployment(em, ztdId))?.globalDeviceId;
    if (globalDeviceId !== undefined) await failDeployment(em, { id: drs.random.uuid(), ztdId, globalDeviceId, at: now }, reason);
  });
}
