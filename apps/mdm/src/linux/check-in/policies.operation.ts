import { reply, type Reply } from '@greenscreen/host/reply';
import { encodeLinuxPolicies } from '@greenscreen/wire/intune-linux';
import { type MdmServices } from '../../mdm-services.js';
import { checkInUser } from '../linux-user.js';
import { checkIn } from './linux-device.js';
import { linuxPolicies } from './linux-policies.js';

/** `GET …/policies/<Intune device id>` (himmelblau-idm/intune-spec 2.1.5). */
export async function linuxPoliciesOperation(mdm: MdmServices, authorization: string | undefined, deviceId: string): Promise<Reply> {
  const principal = await checkInUser(mdm, authorization);
  const policies = await checkIn(mdm, principal, deviceId, async () => linuxPolicies(principal.tenant));
  return reply(200, 'application/json; charset=utf-8', encodeLinuxPolicies(policies));
}
