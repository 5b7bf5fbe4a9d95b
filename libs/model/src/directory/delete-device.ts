import { type EntityManager } from 'typeorm';
import { writeAudit } from '../audit/index.js';
import { requireDeviceState } from './device-lifecycle.js';
import { unbindDeviceCertificates } from './device-certificates.js';
import { removeDeviceUsers } from './device-users.js';
import { deviceAudit, type DirectoryChange } from './directory-audit.js';
import { EntraDevice } from './entra-device.entity.js';

/**
 * Deletes a device object, in the caller's transaction: its certificates stop counting, its users are gone, a tombstone stays for the audit
 * trail. Writes Core Directory's entries (reference 02, 16) by the change's initiator, else by the registration service.
 */
export async function deleteDevice(em: EntityManager, device: EntraDevice, change: DirectoryChange): Promise<void> {
  const { objectId } = device;
  const links = await removeDeviceUsers(em, objectId);
  await unbindDeviceCertificates(em, objectId, change.at);
  await em.update(EntraDevice, { objectId }, { state: requireDeviceState(device.state, 'delete'), accountEnabled: false });
  const entry = (activityDisplayName: string, operationType: 'Delete' | 'Unassign') =>
    deviceAudit(change, device, { loggedByService: 'Core Directory', activityDisplayName, operationType });
  await writeAudit(
    em,
    entry('Delete device', 'Delete'),
    ...(links.some(({ relation }) => relation === 'owner') ? [entry('Remove registered owner from device', 'Unassign')] : []),
    ...(links.some(({ relation }) => relation === 'user') ? [entry('Remove registered users from device', 'Unassign')] : []),
  );
}
