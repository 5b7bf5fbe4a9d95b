import { ManagedDevice } from '@greenscreen/model/intune';
import { liveEnrollmentStates, MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { type EntityManager, In } from 'typeorm';

/** HWDevID of clients that have none to show: zeros identify nobody (reference 04, 3.1). */
const MEANINGLESS = /^0*$/;

/**
 * One active enrollment a device: earlier ones of the same Entra device or HWDevID are superseded, their certificates no longer accepted,
 * their managed devices gone (reference 04, 3.3; 06 D-B23).
 */
export async function supersedeEarlier(em: EntityManager, { tenantId, entraDeviceId, hwDevId }: MdmEnrollment, now: Date): Promise<void> {
  const same = [...(entraDeviceId === null ? [] : [{ entraDeviceId }]), ...(MEANINGLESS.test(hwDevId) ? [] : [{ hwDevId }])].map((who) => ({
    ...who,
    tenantId,
    state: In([...liveEnrollmentStates]),
  }));
  if (same.length === 0) return;
  const earlier = await em.find(MdmEnrollment, { where: same, select: { id: true }, lock: { mode: 'pessimistic_write' } });
  const ids = earlier.map(({ id }) => id);
  if (ids.length === 0) return;
  await em.update(MdmEnrollment, { id: In(ids) }, { state: 'superseded', endedAt: now });
  await em.delete(ManagedDevice, { id: In(ids) });
}
