import { Fault } from '@greenscreen/host/faults';
import { reply, type Reply } from '@greenscreen/host/reply';
import { EntraDevice } from '@greenscreen/model/directory';
import { ManagedDevice } from '@greenscreen/model/intune';
import { encodePortalDeviceState } from '@greenscreen/wire/company-portal';
import { isGuid } from '../guid.js';
import { type MdmServices } from '../mdm-services.js';
import { portalDevice } from './portal-device.js';
import { portalUser } from './portal-user.js';

/** One of the user's managed devices, whole: what the portal of Linux asks for its compliance (himmelblau-idm/intune-spec 2.1.6). */
export async function deviceStateOperation(
  mdm: MdmServices,
  authorization: string | undefined,
  id: string,
  address: string,
): Promise<Reply> {
  const { user } = await portalUser(mdm, authorization);
  const device = isGuid(id) ? await mdm.em.findOneBy(ManagedDevice, { id, tenantId: user.tenantId, userId: user.id }) : null;
  if (!device) throw new Fault('portal.NotFound');
  const known = device.entraDeviceId === null ? null : await mdm.em.findOneBy(EntraDevice, { deviceId: device.entraDeviceId });
  const state = {
    ...portalDevice(device, address),
    manufacturer: device.manufacturer,
    model: device.model,
    operatingSystem: device.operatingSystem,
    osVersion: device.osVersion,
    corporate: device.managedDeviceOwnerType === 'company',
    managed: known?.isManaged === true,
    compliant: known?.isCompliant === true,
    createdAt: device.enrolledDateTime,
    lastContactAt: device.lastSyncDateTime,
  };
  return reply(200, 'application/json; charset=utf-8', encodePortalDeviceState(state, address));
}
