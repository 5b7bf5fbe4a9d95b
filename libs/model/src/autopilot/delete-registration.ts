import { type EntityManager } from 'typeorm';
import { deletePrecreatedDevice, type DirectoryChange } from '../directory/index.js';
import { AutopilotDevice } from './autopilot-device.entity.js';
import { ProfileAssignment } from './deployment-profile.entity.js';
import { dueDeletions } from './waiting.js';

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

/** Deletes the registrations of a tenant whose deletion is due, in the caller's transaction; returns how many there were. */
export async function deleteDueRegistrations(
  em: EntityManager,
  tenantId: string,
  at: Date,
  changeFor: (ztdId: string) => DirectoryChange,
): Promise<number> {
  const due = await em.find(AutopilotDevice, {
    where: dueDeletions(tenantId, at),
    lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' },
  });
  for (const device of due) await deleteRegistration(em, device, changeFor(device.ztdId));
  return due.length;
}
