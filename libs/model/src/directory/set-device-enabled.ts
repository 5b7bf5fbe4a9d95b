import { type EntityManager } from 'typeorm';
import { writeAudit } from '../audit/index.js';
import { deviceAudit, type DirectoryChange, propertyChange } from './directory-audit.js';
import { EntraDevice } from './entra-device.entity.js';

/**
 * An administrator enables or disables a device object, in the caller's transaction. Its state stays (reference 02, 15.2; 06 D-A40): what
 * was pre-created and is enabled remains pre-created, and may join whatever an administrator does to it; only an object that has joined and is disabled then is refused by the services. Writes
 * `Update device` by the change's initiator, else by the registration service.
 */
export async function setDeviceEnabled(em: EntityManager, device: EntraDevice, enabled: boolean, change: DirectoryChange): Promise<void> {
  const { objectId, accountEnabled, state } = device;
  const disabledBy = state === 'precreated' ? 'import' : 'admin';
  await em.update(EntraDevice, { objectId }, { accountEnabled: enabled, disabledBy: enabled ? null : disabledBy });
  await writeAudit(
    em,
    deviceAudit(change, device, {
      loggedByService: 'Core Directory',
      activityDisplayName: 'Update device',
      operationType: 'Update',
      changes: [propertyChange('AccountEnabled', accountEnabled, enabled)],
    }),
  );
}
