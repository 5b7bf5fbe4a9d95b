import { reply, type Reply } from '@greenscreen/host/reply';
import { ManagedDevice } from '@greenscreen/model/intune';
import { encodePortalDevices } from '@greenscreen/wire/company-portal';
import { type MdmServices } from '../mdm-services.js';
import { portalDevice } from './portal-device.js';
import { portalUser } from './portal-user.js';

/** The user's managed devices, and how to retire them (reference 04, 9). */
export async function listDevicesOperation(mdm: MdmServices, authorization: string | undefined, address: string): Promise<Reply> {
  const { user } = await portalUser(mdm, authorization);
  const devices = await mdm.em.find(ManagedDevice, {
    where: { tenantId: user.tenantId, userId: user.id },
    order: { enrolledDateTime: 'ASC' },
  });
  return reply(200, 'application/json; charset=utf-8', encodePortalDevices(devices.map((device) => portalDevice(device, address))));
}
