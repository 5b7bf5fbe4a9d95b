import { currentExchange } from '@greenscreen/host/exchange';
import { type Random } from '@greenscreen/host/random';
import { writeAudit } from '@greenscreen/model/audit';
import { EntraDevice } from '@greenscreen/model/directory';
import { type MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { intuneMdmApplication } from '@greenscreen/model/tenancy';
import { type EntityManager } from 'typeorm';

interface NewlyManaged {
  /** Undefined for one that Entra does not know. */
  readonly device: EntraDevice | undefined;
  readonly enrollment: MdmEnrollment;
  readonly deviceName: string;
  readonly now: Date;
  readonly random: Random;
}

/** The directory object is managed from now on, and both logs say so; `isCompliant` stays "not evaluated" (06 D-B30). */
export async function noteInDirectory(em: EntityManager, managed: NewlyManaged): Promise<void> {
  const { device } = managed;
  if (device)
    await em.update(
      EntraDevice,
      { objectId: device.objectId },
      { isManaged: true, isCompliant: null, mdmAppId: intuneMdmApplication.appId },
    );
  await audit(em, managed);
}

const intune = {
  kind: 'app',
  appId: intuneMdmApplication.appId,
  displayName: intuneMdmApplication.displayName,
  servicePrincipalId: null,
} as const;

/** Core Directory's `Update device`, and Intune's own entry (reference 02, 16; 05, T14). Property names are inferred. */
async function audit(em: EntityManager, { device, enrollment, deviceName, now, random }: NewlyManaged): Promise<void> {
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
          displayName: deviceName,
          type: 'Device',
          modifiedProperties: [change('managementState', null, 'managed'), change('enrollmentType', null, enrollment.enrollmentType)],
        },
      ],
    },
  );
}
