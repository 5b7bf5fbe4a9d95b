import { reply, type Reply } from '@greenscreen/host/reply';
import { ManagedDevice } from '@greenscreen/model/intune';
import { MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { decodeLinuxDetails, encodeLinuxDetailsAnswer } from '@greenscreen/wire/intune-linux';
import { type MdmServices } from '../../mdm-services.js';
import { checkInUser } from '../linux-user.js';
import { readBody } from '../read-body.js';
import { checkIn } from './linux-device.js';

/** `POST …/details`: what the device says of itself (himmelblau-idm/intune-spec 2.1.2). Its name is its friendly name, too. */
export async function linuxDetailsOperation(mdm: MdmServices, authorization: string | undefined, body: Buffer): Promise<Reply> {
  const principal = await checkInUser(mdm, authorization);
  const details = readBody(body, decodeLinuxDetails);
  const { deviceName, manufacturer, osDistribution, osVersion } = details;
  await checkIn(mdm, principal, details.deviceId, async ({ em, enrollment: { id, context } }) => {
    await em.update(ManagedDevice, { id }, { deviceName, manufacturer, osVersion });
    const others = context.filter(({ name }) => name !== 'OSDistribution');
    await em.update(MdmEnrollment, { id }, { context: [...others, { name: 'OSDistribution', value: osDistribution }] });
  });
  return reply(200, 'application/json; charset=utf-8', encodeLinuxDetailsAnswer(deviceName));
}
