import { type EntityManager } from 'typeorm';
import { type AuditEntry, writeAudit } from '../audit/index.js';
import { requireDeviceState } from './device-lifecycle.js';
import { deviceAudit, type DirectoryChange, intuneService, propertyChange, registrationService } from './directory-audit.js';
import { EntraDevice } from './entra-device.entity.js';
import { registrationEntries } from './physical-ids.js';

export interface Precreation extends DirectoryChange {
  readonly tenantId: string;
  /** ZTD id of the registration, GUID. */
  readonly ztdId: string;
  /** Serial number: the object's name until a join gives it the computer's (06 D-A41). */
  readonly serialNumber: string;
  readonly groupTag?: string;
  readonly purchaseOrderIdentifier?: string;
  /** Name of the assigned deployment profile, if there is one already; it follows the assignment later. */
  readonly enrollmentProfileName?: string | null;
}

/**
 * Makes the disabled device object of a registration, in the caller's transaction: the hash import and the DRS precreate endpoint share
 * this (design 4.8; 06 D-A41). Writes `pre-create device` and `Add device` to the audit log, the former by the change's initiator, else
 * Intune. Returns the object; its `deviceId` belongs into the registration's `entraDeviceId`.
 */
export async function precreateDevice(em: EntityManager, precreation: Precreation): Promise<EntraDevice> {
  const [device] = await precreateDevices(em, [precreation]);
  if (!device) throw new Error('No device object was made');
  return device;
}

/** As {@link precreateDevice}, for as many as an import brings; the objects stand in the order of the precreations. */
export async function precreateDevices(em: EntityManager, precreations: readonly Precreation[]): Promise<EntraDevice[]> {
  const devices = precreations.map((precreation) => newObject(em, precreation));
  if (devices.length > 0) await em.insert(EntraDevice, devices);
  await writeAudit(em, ...precreations.flatMap((precreation, index) => auditsOf(precreation, devices[index])));
  return devices;
}

function newObject(em: EntityManager, precreation: Precreation): EntraDevice {
  const { tenantId, ztdId, serialNumber, random, at } = precreation;
  return em.create(EntraDevice, {
    objectId: random.uuid(),
    deviceId: random.uuid(),
    tenantId,
    state: requireDeviceState('none', 'precreate'),
    accountEnabled: false,
    disabledBy: 'import',
    displayName: serialNumber,
    operatingSystem: null,
    operatingSystemVersion: null,
    trustType: 'AzureAd',
    profileType: 'RegisteredDevice',
    physicalIds: registrationEntries(ztdId, precreation.groupTag ?? '', precreation.purchaseOrderIdentifier ?? ''),
    registrationDateTime: null,
    approximateLastSignInDateTime: null,
    isManaged: null,
    isCompliant: null,
    mdmAppId: null,
    enrollmentProfileName: precreation.enrollmentProfileName ?? null,
    transportKey: null,
    transportKeySpki: null,
    attestation: null,
    userCertificate: null,
    onPremisesSecurityIdentifier: null,
    localUnjoinedAt: null,
    createdAt: at,
  });
}

function auditsOf(precreation: Precreation, device: EntraDevice | undefined): AuditEntry[] {
  if (!device) return [];
  return [
    deviceAudit({ ...precreation, initiatedBy: precreation.initiatedBy ?? intuneService }, device, {
      loggedByService: 'Device Registration Service',
      activityDisplayName: 'pre-create device',
      operationType: 'Add',
    }),
    deviceAudit({ ...precreation, initiatedBy: registrationService }, device, {
      loggedByService: 'Core Directory',
      activityDisplayName: 'Add device',
      operationType: 'Add',
      changes: [
        propertyChange('AccountEnabled', null, false),
        propertyChange('DisplayName', null, device.displayName),
        propertyChange('DevicePhysicalIds', null, device.physicalIds),
        propertyChange('DeviceTrustType', null, device.trustType),
      ],
    }),
  ];
}
