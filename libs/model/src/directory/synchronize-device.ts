import { type EntityManager } from 'typeorm';
import { writeAudit } from '../audit/index.js';
import { requireDeviceState } from './device-lifecycle.js';
import { deviceAudit, type DirectoryChange } from './directory-audit.js';
import { EntraDevice } from './entra-device.entity.js';

export interface SynchronizedComputer extends DirectoryChange {
  readonly tenantId: string;
  /** objectGUID of the computer: becomes the device id. */
  readonly deviceId: string;
  readonly displayName: string;
  /** objectSid, `S-1-5-21-…` */
  readonly sid: string;
  /** `userCertificate` that the computer made for its join, DER. */
  readonly userCertificate: Buffer;
}

/** The object that a directory synchronisation makes of a domain computer: pending until the computer joins (reference 02, 13.1). */
export async function synchronizeDevice(em: EntityManager, computer: SynchronizedComputer): Promise<EntraDevice> {
  const device = em.create(EntraDevice, {
    objectId: computer.random.uuid(),
    deviceId: computer.deviceId.toLowerCase(),
    tenantId: computer.tenantId,
    state: requireDeviceState('none', 'synchronize'),
    accountEnabled: true,
    disabledBy: null,
    displayName: computer.displayName,
    operatingSystem: null,
    operatingSystemVersion: null,
    trustType: 'ServerAd',
    profileType: 'RegisteredDevice',
    physicalIds: [],
    registrationDateTime: null,
    approximateLastSignInDateTime: null,
    isManaged: null,
    isCompliant: null,
    mdmAppId: null,
    enrollmentProfileName: null,
    transportKey: null,
    transportKeySpki: null,
    attestation: null,
    userCertificate: computer.userCertificate,
    onPremisesSecurityIdentifier: computer.sid,
    localUnjoinedAt: null,
    createdAt: computer.at,
  });
  await em.insert(EntraDevice, device);
  await writeAudit(
    em,
    deviceAudit(computer, device, { loggedByService: 'Core Directory', activityDisplayName: 'Add device', operationType: 'Add' }),
  );
  return device;
}
