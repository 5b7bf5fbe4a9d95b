import { currentExchange } from '@greenscreen/host/exchange';
import { writeAudit } from '@greenscreen/model/audit';
import { EntraDevice, intuneService, propertyChange } from '@greenscreen/model/directory';
import { ManagedDevice } from '@greenscreen/model/intune';
import { type MdmEnrollmentState } from '@greenscreen/model/mdm-enrollment';
import { DirectoryUser, switchOf } from '@greenscreen/model/tenancy';
import { type SessionWork } from '../session/session-work.js';
import { advance } from './advance.js';

const MINUTE_MS = 60_000;

/** Before the device part is done there is nobody to associate (06 D-B33). */
const early: readonly MdmEnrollmentState[] = ['issued', 'firstSync', 'devicePrep', 'deviceSetup', 'failed'];

/**
 * User-device association: the signed-in user becomes the primary user of a device that enrolled without one (reference 05, U6; 06 D-B30,
 * D-B33). Once: whoever signs in later changes nothing.
 */
export async function associate(work: SessionWork): Promise<void> {
  const { progress, input, enrollment } = work;
  if (enrollment.enrolledBy !== null || progress.associatedAt || early.includes(enrollment.state)) return;
  if (input.signedIn) progress.pendingUserId = input.signedIn.id;
  if (progress.pendingUserId === null || !intervalHasPassed(work)) return;
  const user = await work.em.findOneBy(DirectoryUser, { id: progress.pendingUserId });
  progress.pendingUserId = null;
  if (user && (await advance(work, 'userAssociated'))) await recordAssociation(work, user);
}

/** Switch `mdm.techToUserMinMinutes`: a user who comes too early is associated when the interval has passed (05, 99; 06 D-B67). */
function intervalHasPassed({ tenant, progress, now }: SessionWork): boolean {
  const minutes = switchOf(tenant, 'mdm.techToUserMinMinutes', 0);
  const since = progress.provisionedAt?.getTime() ?? now.getTime();
  return now.getTime() >= since + minutes * MINUTE_MS;
}

/** Compliance starts over: not compliant until it has been evaluated (06 D-B30). Only Intune's own log gets an entry (06 D-A46). */
async function recordAssociation({ em, enrollment, progress, now, mdm }: SessionWork, user: DirectoryUser): Promise<void> {
  progress.associatedAt = now;
  progress.sessionsSinceAssociation = 0;
  const { id, tenantId, entraDeviceId } = enrollment;
  await em.update(ManagedDevice, { id }, { userId: user.id, userPrincipalName: user.upn, complianceState: 'noncompliant' });
  if (entraDeviceId) await em.update(EntraDevice, { deviceId: entraDeviceId }, { isCompliant: false });
  const device = await em.findOneBy(ManagedDevice, { id });
  await writeAudit(em, {
    id: mdm.random.uuid(),
    tenantId,
    log: 'intune',
    at: now,
    loggedByService: 'Intune',
    category: 'Device',
    activityDisplayName: 'User Device Association',
    operationType: 'Assign',
    correlationId: currentExchange().traceId,
    initiatedBy: intuneService,
    targetResources: [
      { id, displayName: device?.deviceName ?? '', type: 'Device', modifiedProperties: [propertyChange('userId', null, user.id)] },
      { id: user.id, displayName: user.displayName, type: 'User', modifiedProperties: [] },
    ],
  });
}
