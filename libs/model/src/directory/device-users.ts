import { type EntityManager } from 'typeorm';
import { DeviceUser } from './device-user.entity.js';
import { EntraDevice } from './entra-device.entity.js';

/** Makes a user the one owner and the one registered user of a device object (reference 02, 15.1). */
export async function setDeviceUser(em: EntityManager, objectId: string, userId: string, at: Date): Promise<void> {
  await removeDeviceUsers(em, objectId);
  await em.insert(DeviceUser, [
    { objectId, userId, relation: 'owner', since: at },
    { objectId, userId, relation: 'user', since: at },
  ]);
}

/** Ends all associations of a device object; returns those that there were. */
export async function removeDeviceUsers(em: EntityManager, objectId: string): Promise<DeviceUser[]> {
  const links = await em.findBy(DeviceUser, { objectId });
  if (links.length > 0) await em.delete(DeviceUser, { objectId });
  return links;
}

export const ownsDevice = (em: EntityManager, objectId: string, userId: string): Promise<boolean> =>
  em.existsBy(DeviceUser, { objectId, userId, relation: 'owner' });

/** How many device objects a user owns: what the device limit counts (reference 02, 14.3). */
export function countOwnedDevices(em: EntityManager, userId: string): Promise<number> {
  return em
    .createQueryBuilder(DeviceUser, 'link')
    .innerJoin(EntraDevice, 'device', 'device.objectId = link.objectId')
    .where('link.userId = :userId AND link.relation = :owner AND device.state <> :deleted', { userId, owner: 'owner', deleted: 'deleted' })
    .getCount();
}
