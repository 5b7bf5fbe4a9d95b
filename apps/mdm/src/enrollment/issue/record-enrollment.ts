import { AutopilotDevice, latestDeployment, openDeployment } from '@greenscreen/model/autopilot';
import { ManagedDevice } from '@greenscreen/model/intune';
import { type MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { switchOf } from '@greenscreen/model/tenancy';
import { type Admission } from './admission.js';
import { zeroTouchTypes } from './admission.checks.js';
import { noteInDirectory } from './note-in-directory.js';

/** A deployment whose ticket nobody saw. */
const NO_TICKET = '';

/** Effects of an enrollment on the records that others read (reference 05, T14 and A.7 C2; 06 D-B21, D-B29 to D-B32, D-B35). */
export async function recordEnrollment(admission: Admission, enrollment: MdmEnrollment): Promise<void> {
  await addManagedDevice(admission, enrollment);
  await updateAutopilot(admission, enrollment);
  await noteDeployment(admission, enrollment);
  const { em, device, now, request } = admission;
  const deviceName = request.context.get('DeviceName') ?? '';
  await noteInDirectory(em, { device, enrollment, deviceName, now, random: request.mdm.random });
}

async function addManagedDevice({ em, request, kind, type, autopilot, now }: Admission, enrollment: MdmEnrollment): Promise<void> {
  const { context, principal } = request;
  await em.insert(ManagedDevice, {
    id: enrollment.id,
    tenantId: enrollment.tenantId,
    deviceName: context.get('DeviceName') ?? '',
    serialNumber: enrollment.serialNumber,
    manufacturer: context.get('Manufacturer') || (autopilot?.manufacturer ?? ''),
    model: context.get('DeviceModel') || (autopilot?.model ?? ''),
    entraDeviceId: enrollment.entraDeviceId,
    ztdId: enrollment.ztdId,
    enrollmentType: type,
    autopilotEnrolled: kind.autopilotEnrollmentType !== undefined,
    managedDeviceOwnerType: kind.corporate || type === 4 ? 'company' : 'personal',
    // A userless device gets its user at the association, a pre-assigned one included (06 D-B32).
    userId: principal.user?.id ?? null,
    userPrincipalName: principal.user?.upn ?? '',
    osVersion: context.get('OSVersion') ?? '',
    enrolledDateTime: now,
    lastSyncDateTime: now,
  });
}

/** The one-time limit is used up by the enrollment that it let through (06 D-B21). */
async function updateAutopilot({ em, autopilot, type, request, now }: Admission, { id }: MdmEnrollment): Promise<void> {
  if (!autopilot) return;
  const blocks = zeroTouchTypes.includes(type) && switchOf(request.principal.tenant, 'mdm.blockAfterUserlessEnroll', true);
  await em.update(
    AutopilotDevice,
    { ztdId: autopilot.ztdId },
    {
      managedDeviceId: id,
      enrollmentState: 'enrolled',
      lastContactedAt: now,
      ...(blocks ? { userlessEnrollmentStatus: 'blocked' as const } : {}),
    },
  );
}

/**
 * The row is there since the userless sign-in; a client that skipped it gets one now (06 D-B35). A user's enrollment is a deployment of its own:
 * nobody has seen a ticket before it [our choice of its beginning].
 */
async function noteDeployment({ em, autopilot, kind, type, request, now }: Admission, enrollment: MdmEnrollment): Promise<void> {
  if (!autopilot) return;
  const { ztdId } = autopilot;
  const opening = { id: request.mdm.random.uuid(), ztdId, at: now };
  if (zeroTouchTypes.includes(type)) {
    if (!(await latestDeployment(em, ztdId))) await openDeployment(em, { ...opening, globalDeviceId: NO_TICKET });
  } else if (kind.autopilotEnrollmentType !== undefined)
    await openDeployment(em, { ...opening, globalDeviceId: enrollment.id, enrollmentType: kind.autopilotEnrollmentType });
}
