import { type EntityManager, In } from 'typeorm';
import { AutopilotDevice } from '../autopilot/index.js';
import { EntraDevice } from '../directory/index.js';
import { ManagedDevice } from '../intune/index.js';
import { liveEnrollmentStates } from './enrollment-state.js';
import { MdmEnrollment } from './mdm-enrollment.entity.js';

/**
 * Deletes a managed device as an administrator does: its enrollment is retired, the Autopilot identity is free for another userless
 * enrollment, the directory object is unmanaged (06 D-B21, D-B24). Unknown ids change nothing; returns whether there was one.
 */
export function deleteManagedDevice(em: EntityManager, id: string, at: Date): Promise<boolean> {
  return remove(em, id, at, { userlessEnrollmentStatus: 'allowed' });
}

/** The same when the device has unenrolled or was wiped: that does not lift the one-time limit (06 D-B21). */
export function retireManagedDevice(em: EntityManager, id: string, at: Date): Promise<boolean> {
  return remove(em, id, at, {});
}

async function remove(
  em: EntityManager,
  id: string,
  at: Date,
  limit: Partial<Pick<AutopilotDevice, 'userlessEnrollmentStatus'>>,
): Promise<boolean> {
  // Rows in the order in which an enrollment takes them: registration, enrollment, managed device, directory object.
  await em.find(AutopilotDevice, { where: { managedDeviceId: id }, select: { ztdId: true }, lock: { mode: 'pessimistic_write' } });
  const device = await em.findOneBy(ManagedDevice, { id });
  if (!device) return false;
  await em.update(AutopilotDevice, { managedDeviceId: id }, { managedDeviceId: null, enrollmentState: 'notContacted', ...limit });
  await em.update(MdmEnrollment, { id, state: In([...liveEnrollmentStates]) }, { state: 'retired', endedAt: at });
  await em.delete(ManagedDevice, { id });
  if (device.entraDeviceId)
    await em.update(EntraDevice, { deviceId: device.entraDeviceId }, { isManaged: null, isCompliant: null, mdmAppId: null });
  return true;
}
