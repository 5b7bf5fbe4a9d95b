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
export async function deleteManagedDevice(em: EntityManager, id: string, at: Date): Promise<boolean> {
  const device = await em.findOne(ManagedDevice, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (!device) return false;
  await em.update(MdmEnrollment, { id, state: In([...liveEnrollmentStates]) }, { state: 'retired', endedAt: at });
  await em.update(
    AutopilotDevice,
    { managedDeviceId: id },
    { managedDeviceId: null, enrollmentState: 'notContacted', userlessEnrollmentStatus: 'allowed' },
  );
  if (device.entraDeviceId)
    await em.update(EntraDevice, { deviceId: device.entraDeviceId }, { isManaged: null, isCompliant: null, mdmAppId: null });
  await em.delete(ManagedDevice, { id });
  return true;
}
