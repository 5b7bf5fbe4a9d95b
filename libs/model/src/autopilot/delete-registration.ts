import { type EntityManager } from 'typeorm';
import { deletePrecreatedDevice, type DirectoryChange } from '../directory/index.js';
import { AutopilotDevice } from './autopilot-device.entity.js';
import { ProfileAssignment } from './deployment-profile.entity.js';

/**
 * Deletes a registration with its direct assignments, and does to the directory object what reference 01, 7.3 says, in the caller's
 * transaction. The device may be imported again at once, in any tenant.
 */
export async function deleteRegistration(em: EntityManager, device: AutopilotDevice, change: DirectoryChange): Promise<void> {
  const { tenantId, ztdId } = device;
  await em.delete(ProfileAssignment, { tenantId, target: 'device', targetId: ztdId });
  await em.delete(AutopilotDevice, { ztdId });
  await deletePrecreatedDevice(em, { ...change, tenantId, ztdId });
}
