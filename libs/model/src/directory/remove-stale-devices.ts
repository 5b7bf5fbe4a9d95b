import { type EntityManager } from 'typeorm';
import { deleteDevice } from './delete-device.js';
import { type DirectoryChange } from './directory-audit.js';
import { EntraDevice } from './entra-device.entity.js';

export interface StaleDevices extends DirectoryChange {
  readonly tenantId: string;
  /** Objects that were not used since then. */
  readonly before: Date;
}

/**
 * Deletes the device objects of a tenant that nobody has signed in with since a time; ones that never joined count from their creation.
 * Objects of Autopilot registrations stay: without them the next deployment fails with 0x801c03f3 (reference 02, 13.6). Entra never does
 * this by itself. Returns the ids of the deleted objects.
 */
export async function removeStaleDevices(em: EntityManager, { tenantId, before, ...change }: StaleDevices): Promise<string[]> {
  const stale = await em
    .createQueryBuilder(EntraDevice, 'device')
    .where('device.tenantId = :tenantId AND device.state <> :deleted', { tenantId, deleted: 'deleted' })
    .andWhere('coalesce(device.approximateLastSignInDateTime, device.createdAt) < :before', { before })
    .andWhere(`NOT EXISTS (SELECT 1 FROM unnest(device.physicalIds) AS entry WHERE entry ILIKE '[ZTDID]:%')`)
    .orderBy('device.createdAt', 'ASC')
    .getMany();
  for (const device of stale) await deleteDevice(em, device, change);
  return stale.map(({ objectId }) => objectId);
}
