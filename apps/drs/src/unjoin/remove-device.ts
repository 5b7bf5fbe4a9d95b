import { writeAudit } from '@greenscreen/model/audit';
import {
  deleteDevice,
  deviceAudit,
  type DirectoryChange,
  EntraDevice,
  removeDeviceUsers,
  requireDeviceState,
  unbindDeviceCertificates,
} from '@greenscreen/model/directory';
import { type EntityManager } from 'typeorm';

const unregister = (change: DirectoryChange, device: EntraDevice) =>
  deviceAudit(change, device, {
    loggedByService: 'Device Registration Service',
    activityDisplayName: 'Unregister device',
    operationType: 'Delete',
  });

/** An ordinary object goes (reference 02, 13.2). */
export async function unregisterDevice(em: EntityManager, device: EntraDevice, change: DirectoryChange): Promise<void> {
  await writeAudit(em, unregister(change, device));
  await deleteDevice(em, device, change);
}

/** An Autopilot object, where the tenant's switch allows it, is emptied: ids stay, keys, certificate and users go (reference 02, 15.2). */
export async function clearDevice(em: EntityManager, device: EntraDevice, change: DirectoryChange, enabled: boolean): Promise<void> {
  const { objectId } = device;
  await unbindDeviceCertificates(em, objectId, change.at);
  await removeDeviceUsers(em, objectId);
  await em.update(
    EntraDevice,
    { objectId },
    {
      state: requireDeviceState(device.state, 'clear'),
      accountEnabled: enabled,
      disabledBy: enabled ? null : 'import',
      transportKey: null,
      transportKeySpki: null,
      attestation: null,
    },
  );
  await writeAudit(em, unregister(change, device));
}
