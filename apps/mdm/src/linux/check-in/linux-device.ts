import { currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { ManagedDevice } from '@greenscreen/model/intune';
import { isLive, MdmEnrollment, nextEnrollmentState, retireManagedDevice } from '@greenscreen/model/mdm-enrollment';
import { LINUX_PROVIDER } from '@greenscreen/wire/intune-linux';
import { type EntityManager } from 'typeorm';
import { isGuid } from '../../guid.js';
import { type MdmServices } from '../../mdm-services.js';
import { type LinuxUser } from '../linux-user.js';

/** A device that checks in, in the transaction that answers it; its enrollment is locked. */
export interface CheckIn {
  readonly em: EntityManager;
  readonly enrollment: MdmEnrollment;
  readonly device: ManagedDevice;
  readonly now: Date;
}

/** Nobody tells such a device to leave: it learns that it has been retired or wiped when it comes [our choice]. */
const leaving = ['retirePending', 'wipePending'];

/**
 * One visit of a device of this user's, in one transaction: the device is found, noted as seen, and served. Throws `linux.DeviceUnknown` for
 * one that is not the user's, was not enrolled here, or is no longer managed.
 */
export async function checkIn<T>(
  mdm: MdmServices,
  { tenant, user }: LinuxUser,
  deviceId: string,
  serve: (visit: CheckIn) => Promise<T>,
): Promise<T> {
  const now = await mdm.clock.now(tenant.id);
  const served = await mdm.transaction(async (em) => {
    const enrollment = isGuid(deviceId)
      ? await em.findOne(MdmEnrollment, {
          where: { id: deviceId, tenantId: tenant.id, providerId: LINUX_PROVIDER },
          lock: { mode: 'pessimistic_write' },
        })
      : null;
    const device = enrollment && isLive(enrollment.state) && (await em.findOneBy(ManagedDevice, { id: enrollment.id, userId: user.id }));
    if (!enrollment || !device) return undefined;
    currentExchange().deviceId = enrollment.entraDeviceId ?? enrollment.id;
    if (leaving.includes(device.managementState)) {
      await retireManagedDevice(em, device.id, now);
      return undefined;
    }
    await noteVisit(em, enrollment, now);
    return { answer: await serve({ em, enrollment, device, now }) };
  });
  if (!served) throw new Fault('linux.DeviceUnknown');
  return served.answer;
}

async function noteVisit(em: EntityManager, { id, state }: MdmEnrollment, now: Date): Promise<void> {
  const next = nextEnrollmentState(state, 'firstMessage');
  if (next) await em.update(MdmEnrollment, { id }, { state: next });
  await em.update(ManagedDevice, { id }, { lastSyncDateTime: now });
}
