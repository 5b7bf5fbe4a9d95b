import { type EntityManager } from 'typeorm';
import { EntraDevice } from './entra-device.entity.js';

const ZTDID = '[ZTDID]:';
/** What the Autopilot registration puts on an object and takes away again (06 D-A8, D-A44). */
const REGISTRATION_PREFIXES = [ZTDID, '[OrderId]:', '[PurchaseOrderId]:'];

const startsWith = (id: string, prefix: string): boolean => id.toLowerCase().startsWith(prefix.toLowerCase());

/** `[ZTDID]:<guid>`, lower-case GUID: stored so that lookups by equality find it. */
export const ztdIdEntry = (ztdId: string): string => `${ZTDID}${ztdId.toLowerCase()}`;

/** ZTD id of a device object that a hash import made; undefined on other objects. */
export const ztdIdOf = ({ physicalIds }: Pick<EntraDevice, 'physicalIds'>): string | undefined =>
  physicalIds
    .find((id) => startsWith(id, ZTDID))
    ?.slice(ZTDID.length)
    .toLowerCase();

/** Entries of a new Autopilot object; group tag and purchase order only when set (06 D-A8). */
export function registrationEntries(ztdId: string, groupTag: string, purchaseOrderIdentifier: string): string[] {
  return [
    ztdIdEntry(ztdId),
    ...(groupTag ? [`[OrderId]:${groupTag}`] : []),
    ...(purchaseOrderIdentifier ? [`[PurchaseOrderId]:${purchaseOrderIdentifier}`] : []),
  ];
}

/** The entries that stay when the Autopilot registration is deleted. */
export const withoutRegistration = (physicalIds: readonly string[]): string[] =>
  physicalIds.filter((id) => !REGISTRATION_PREFIXES.some((prefix) => startsWith(id, prefix)));

/** uint64 of a DDID or GlobalDeviceID, as decimal text. */
const decimal = (hex: string): string => BigInt(`0x${hex}`).toString();

/** `[HWID]:h:<decimal>` of a DDID, 16 hex digits: how other registrations recognise the hardware (06 D-A8, D-A45). */
export const hardwareIdEntry = (ddid: string): string => `[HWID]:h:${decimal(ddid)}`;

/** `[GID]:g:<decimal>` of a GlobalDeviceID, 16 hex digits (06 D-A8). */
export const globalIdEntry = (gdid: string): string => `[GID]:g:${decimal(gdid)}`;

/** The two entries of a user on a device, written by a user join with a ticket (06 D-A8). */
export const userIdEntries = (userId: string, ddid: string, gdid: string): string[] => [
  `[USER-HWID]:${userId}:${decimal(ddid)}`,
  `[USER-GID]:${userId}:${decimal(gdid)}`,
];

/** Adds entries without repeating one; `replaces` drops older entries that start so (a new Windows installation has a new GDID). */
export function addPhysicalIds(present: readonly string[], added: readonly string[], replaces: readonly string[] = []): string[] {
  const kept = present.filter((id) => !replaces.some((prefix) => startsWith(id, prefix)));
  return [...kept, ...added.filter((id) => !kept.includes(id))];
}

/** Objects of a tenant that carry a ZTD id, oldest first; more than one is a defect (06 D-A27). */
export function findDevicesByZtdId(em: EntityManager, tenantId: string, ztdId: string): Promise<EntraDevice[]> {
  return findDevicesByPhysicalId(em, tenantId, ztdIdEntry(ztdId));
}

/** Objects of a tenant that carry exactly this physical id and are not deleted, oldest first. */
export function findDevicesByPhysicalId(em: EntityManager, tenantId: string, physicalId: string): Promise<EntraDevice[]> {
  return em
    .createQueryBuilder(EntraDevice, 'device')
    .where('device.tenantId = :tenantId AND device.state <> :deleted', { tenantId, deleted: 'deleted' })
    .andWhere('device.physicalIds @> ARRAY[:physicalId]', { physicalId })
    .orderBy('device.createdAt', 'ASC')
    .addOrderBy('device.objectId', 'ASC')
    .getMany();
}
