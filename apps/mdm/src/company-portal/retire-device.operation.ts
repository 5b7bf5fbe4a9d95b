import { Fault } from '@greenscreen/host/faults';
import { reply, type Reply } from '@greenscreen/host/reply';
import { ManagedDevice } from '@greenscreen/model/intune';
import { queueDeviceAction } from '@greenscreen/model/mdm-session';
import { isGuid } from '../guid.js';
import { type MdmServices } from '../mdm-services.js';
import { portalUser } from './portal-user.js';

/** The user sends away a device of his own: it unenrolls in its next session (reference 04, 9). */
export async function retireDeviceOperation(mdm: MdmServices, authorization: string | undefined, id: string): Promise<Reply> {
  const { user } = await portalUser(mdm, authorization);
  const owned = isGuid(id) && (await mdm.em.existsBy(ManagedDevice, { id, tenantId: user.tenantId, userId: user.id }));
  const at = await mdm.clock.now(user.tenantId);
  if (!owned || !(await mdm.transaction((em) => queueDeviceAction(em, id, 'retire', at)))) throw new Fault('portal.NotFound');
  return reply(204);
}
