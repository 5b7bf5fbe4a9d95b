import { type EntityManager } from 'typeorm';
import { writeAudit } from '../audit/index.js';
import { requireDeviceState } from './device-lifecycle.js';
import { deviceAudit, type DirectoryChange, intuneService, propertyChange, registrationService } from './directory-audit.js';
import { EntraDevice } from './entra-device.entity.js';
import { findDevicesByZtdId, withoutRegistration } from './physical-ids.js';

export interface Unregistration extends DirectoryChange {
  readonly tenantId: string;
  readonly ztdId: string;
}

/**
 * What the deletion of an Autopilot registration does to the directory, in the caller's transaction (06 D-A44): an object that never
 * joined goes, with `Delete pre-created device` in the audit log; one that has joined stays and loses what the registration put on it.
 * The initiator is the change's, else Intune. Calling it for a registration without an object does nothing.
 */
export async function deletePrecreatedDevice(em: EntityManager, unregistration: Unregistration): Promise<void> {
  for (const device of await findDevicesByZtdId(em, unregistration.tenantId, unregistration.ztdId)) {
    const next = requireDeviceState(device.state, 'unregister');
    const { objectId } = device;
    if (next === 'deleted') {
      await em.update(EntraDevice, { objectId }, { state: next, accountEnabled: false });
      await writeAudit(
        em,
        deviceAudit({ ...unregistration, initiatedBy: unregistration.initiatedBy ?? intuneService }, device, {
          loggedByService: 'Device Registration Service',
          activityDisplayName: 'Delete pre-created device',
          operationType: 'Delete',
        }),
      );
      continue;
    }
    const physicalIds = withoutRegistration(device.physicalIds);
    await em.update(EntraDevice, { objectId }, { state: next, physicalIds });
    await writeAudit(
      em,
      deviceAudit({ ...unregistration, initiatedBy: registrationService }, device, {
        loggedByService: 'Core Directory',
        activityDisplayName: 'Update device',
        operationType: 'Update',
        changes: [propertyChange('DevicePhysicalIds', device.physicalIds, physicalIds)],
      }),
    );
  }
}
