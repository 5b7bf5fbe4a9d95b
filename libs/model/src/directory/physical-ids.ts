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

/** Identifiers of a device ticket, 16 hex digits each (reference 06, D-A3, D-A11). */
export interface HardwareIds {
  /** HWDeviceID: of the hardware. */
  readonly ddid: string;
  /** GlobalDeviceID: of the Windows installation. */
  readonly gdid: string;
}

const UINT64 = /^[0-9a-f]{1,16}$/i;
/** uint64 as decimal text; nothing for what is no such number. */
const decimal = (hex: string): string[] => (UINT64.test(hex) ? [BigInt(`0x${hex}`).toString()] : []);

/** `[HWID]:h:<decimal>`: how other registrations recognise the hardware (06 D-A8, D-A45). */
export const hardwareIdEntries = (ddid: string): string[] => decimal(ddid).map((number) => `[HWID]:h:${number}`);

/** What a join with a ticket adds to an object: hardware and installation (06 D-A8). */
export const ticketEntries = ({ ddid, gdid }: HardwareIds): string[] => [
  ...hardwareIdEntries(ddid),
  ...decimal(gdid).map((number) => `[GID]:g:${number}`),
];

/** What a user's join with a ticket adds besides (06 D-A8). */
export const userTicketEntries = (userId: string, { ddid, gdid }: HardwareIds): string[] => [
  ...decimal(ddid).map((number) => `[USER-HWID]:${userId}:${number}`),
  ...decimal(gdid).map((number) => `[USER-GID]:${userId}:${number}`),
];

/** Adds entries without repeating one; none is ever taken away by a join (01-56). */
export const withPhysicalIds = (present: readonly string[], added: readonly string[]): string[] => [...new Set([...present, ...added])];

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
