import { currentExchange } from '@greenscreen/host/exchange';
import { writeAudit } from '@greenscreen/model/audit';
import { AutopilotDevice, latestDeployment, openDeployment } from '@greenscreen/model/autopilot';
import { EntraDevice } from '@greenscreen/model/directory';
import { ManagedDevice } from '@greenscreen/model/intune';
import { type MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { intuneMdmApplication, switchOf } from '@greenscreen/model/tenancy';
import { type Admission } from './admission.js';
import { zeroTouchTypes } from './admission.checks.js';

/** A deployment whose ticket nobody saw. */
const NO_TICKET = '';

/** Effects of an enrollment on the records that others read (reference 05, T14 and A.7 C2; 06 D-B21, D-B29 to D-B32, D-B35). */
export async function recordEnrollment(admission: Admission, enrollment: MdmEnrollment): Promise<void> {
  await addManagedDevice(admission, enrollment);
  await updateAutopilot(admission, enrollment);
  await updateDirectory(admission);
  await noteDeployment(admission, enrollment);
  await audit(admission, enrollment);
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

/** `isCompliant` stays "not evaluated" (06 D-B30). */
async function updateDirectory({ em, device }: Admission): Promise<void> {
  if (!device) return;
  await em.update(EntraDevice, { objectId: device.objectId }, { isManaged: true, isCompliant: null, mdmAppId: intuneMdmApplication.appId });
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

const intune = {
  kind: 'app',
  appId: intuneMdmApplication.appId,
  displayName: intuneMdmApplication.displayName,
  servicePrincipalId: null,
} as const;

/** Core Directory's `Update device`, and Intune's own entry (reference 02, 16; 05, T14). Property names are inferred. */
async function audit({ em, device, request, now }: Admission, enrollment: MdmEnrollment): Promise<void> {
  const { random } = request.mdm;
  const common = {
    tenantId: enrollment.tenantId,
    at: now,
    correlationId: currentExchange().traceId,
    activityDisplayName: 'Update device',
    operationType: 'Update',
    initiatedBy: intune,
    category: 'Device',
  } as const;
  const change = (displayName: string, oldValue: unknown, newValue: unknown) => ({
    displayName,
    oldValue: JSON.stringify([oldValue]),
    newValue: JSON.stringify([newValue]),
  });
  await writeAudit(
    em,
    ...(device
      ? [
          {
            ...common,
            id: random.uuid(),
            loggedByService: 'Core Directory',
            targetResources: [
              {
                id: device.objectId,
                displayName: device.displayName,
                type: 'Device' as const,
                modifiedProperties: [
                  change('IsManaged', device.isManaged, true),
                  change('IsCompliant', device.isCompliant, null),
                  change('DeviceManagementAppId', device.mdmAppId, intuneMdmApplication.appId),
                ],
              },
            ],
          },
        ]
      : []),
    {
      ...common,
      id: random.uuid(),
      log: 'intune',
      loggedByService: 'Intune',
      targetResources: [
        {
          id: enrollment.id,
          displayName: request.context.get('DeviceName') ?? '',
          type: 'Device',
          modifiedProperties: [change('managementState', null, 'managed'), change('enrollmentType', null, enrollment.enrollmentType)],
        },
      ],
    },
  );
}
