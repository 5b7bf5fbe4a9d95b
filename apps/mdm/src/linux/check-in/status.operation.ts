import { reply, type Reply } from '@greenscreen/host/reply';
import { EntraDevice } from '@greenscreen/model/directory';
import { ManagedDevice } from '@greenscreen/model/intune';
import { decodeLinuxStatus, encodeLinuxStatusAnswer, type LinuxStatus } from '@greenscreen/wire/intune-linux';
import { type MdmServices } from '../../mdm-services.js';
import { checkInUser } from '../linux-user.js';
import { readBody } from '../read-body.js';
import { checkIn } from './linux-device.js';

const compliant = ({ policies }: LinuxStatus): boolean =>
  policies.every(({ details }) => details.every(({ newState }) => newState.toLowerCase() === 'compliant'));

/**
 * `POST …/status`: the device judges itself (himmelblau-idm/intune-spec 2.1.3). It is compliant when it says so of every setting, and when
 * the tenant's devices are (06 D-B30) [our choice].
 */
export async function linuxStatusOperation(mdm: MdmServices, authorization: string | undefined, body: Buffer): Promise<Reply> {
  const principal = await checkInUser(mdm, authorization);
  const status = readBody(body, decodeLinuxStatus);
  await checkIn(mdm, principal, status.deviceId, async ({ em, enrollment: { id, entraDeviceId } }) => {
    const isCompliant = compliant(status) && principal.tenant.compliance.compliant;
    await em.update(ManagedDevice, { id }, { complianceState: isCompliant ? 'compliant' : 'noncompliant' });
    if (entraDeviceId !== null) await em.update(EntraDevice, { deviceId: entraDeviceId }, { isCompliant });
  });
  return reply(200, 'application/json; charset=utf-8', encodeLinuxStatusAnswer(status));
}
