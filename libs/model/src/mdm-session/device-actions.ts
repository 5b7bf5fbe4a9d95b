import { type EntityManager } from 'typeorm';
import { ManagedDevice } from '../intune/index.js';
import { isLive, MdmEnrollment } from '../mdm-enrollment/index.js';
import { dmBatch } from './dm-command.entity.js';
import { type NewDmCommand, queueCommands } from './queue-commands.js';

/** What an administrator does to a managed device: a command for its next session (reference 04, 4.4). */
export const deviceActions = ['retire', 'wipe', 'rebootNow', 'autopilotReset'] as const;
export type DeviceAction = (typeof deviceActions)[number];

const ROOT = './Device/Vendor/MSFT';

/** Retiring and wiping end the management: the enrollment is retired when the device has accepted the command. */
const commands: Readonly<Record<DeviceAction, (enrollment: MdmEnrollment) => NewDmCommand>> = {
  retire: ({ providerId }) => ({
    verb: 'Exec',
    uri: `./Vendor/MSFT/DMClient/Provider/${encodeURIComponent(providerId)}/Unenroll`,
    format: 'chr',
    data: providerId,
    purpose: 'unenroll',
    batch: dmBatch.unenroll,
  }),
  wipe: () => ({ verb: 'Exec', uri: `${ROOT}/RemoteWipe/doWipe`, purpose: 'unenroll', batch: dmBatch.unenroll }),
  rebootNow: () => ({ verb: 'Exec', uri: `${ROOT}/Reboot/RebootNow`, format: 'null', purpose: 'custom', batch: dmBatch.custom }),
  autopilotReset: () => ({
    verb: 'Exec',
    uri: `${ROOT}/RemoteWipe/AutomaticRedeployment/doAutomaticRedeployment`,
    purpose: 'custom',
    batch: dmBatch.custom,
  }),
};

/** Graph `managementState` while the device has not answered. */
const pending: Readonly<Partial<Record<DeviceAction, string>>> = { retire: 'retirePending', wipe: 'wipePending' };

/** Queues an action for a managed device, in a transaction; false when there is none with a live enrollment. */
export async function queueDeviceAction(em: EntityManager, managedDeviceId: string, action: DeviceAction, at: Date): Promise<boolean> {
  const enrollment = await em.findOne(MdmEnrollment, { where: { id: managedDeviceId }, lock: { mode: 'pessimistic_write' } });
  if (!enrollment || !isLive(enrollment.state)) return false;
  await queueCommands(em, { enrollmentId: enrollment.id, tenantId: enrollment.tenantId, at }, commands[action](enrollment));
  const managementState = pending[action];
  if (managementState !== undefined) await em.update(ManagedDevice, { id: managedDeviceId }, { managementState });
  return true;
}
