import { type EntityManager } from 'typeorm';
import { EntraDevice, findDevicesByZtdId, registrationEntries, withPhysicalIds } from '../directory/index.js';
import { type AutopilotDevice } from './autopilot-device.entity.js';

/** Mirrors a registration's group tag and purchase order into its directory object; empty ones leave no entry (reference 01, 7.2). */
export async function mirrorGroupTag(em: EntityManager, device: AutopilotDevice): Promise<void> {
  const { tenantId, ztdId, groupTag, purchaseOrderIdentifier } = device;
  for (const object of await findDevicesByZtdId(em, tenantId, ztdId)) {
    const others = object.physicalIds.filter((id) => !/^\[(OrderId|PurchaseOrderId)\]:/i.test(id));
    const physicalIds = withPhysicalIds(others, registrationEntries(ztdId, groupTag, purchaseOrderIdentifier));
    await em.update(EntraDevice, { objectId: object.objectId }, { physicalIds });
  }
}
