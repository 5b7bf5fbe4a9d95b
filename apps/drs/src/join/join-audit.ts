import { writeAudit, type AuditInitiator, type ModifiedProperty } from '@greenscreen/model/audit';
import { deviceAudit, type EntraDevice, propertyChange, registrationService } from '@greenscreen/model/directory';
import { type DirectoryUser } from '@greenscreen/model/tenancy';
import { currentExchange } from '@greenscreen/host/exchange';
import { type EntityManager } from 'typeorm';
import { type JoinAttempt } from './join-attempt.js';

/** The user of a request as initiator. */
export const userInitiator = ({ id, displayName, upn }: DirectoryUser): AuditInitiator => ({
  kind: 'user',
  id,
  displayName,
  userPrincipalName: upn,
  ipAddress: currentExchange().remoteAddress || null,
});

/** Properties whose change an audit entry tells, with the directory's names for them (reference 02, 16 [inferred]). */
const properties: readonly (readonly [name: string, member: keyof EntraDevice])[] = [
  ['AccountEnabled', 'accountEnabled'],
  ['DeviceOSType', 'operatingSystem'],
  ['DeviceOSVersion', 'operatingSystemVersion'],
  ['DisplayName', 'displayName'],
  ['DeviceTrustType', 'trustType'],
  ['DevicePhysicalIds', 'physicalIds'],
];

function changes(before: EntraDevice | undefined, after: EntraDevice): ModifiedProperty[] {
  return properties
    .map(([name, member]) => propertyChange(name, before?.[member] ?? null, after[member]))
    .filter(({ oldValue, newValue }) => oldValue !== newValue);
}

/**
 * The entries of a join in the order of reference 02, 16: a userless one is the service's own doing, a user's also tells the association
 * (06 D-A46). A new object is added instead of updated.
 */
export async function auditJoin(
  em: EntityManager,
  attempt: JoinAttempt,
  before: EntraDevice | undefined,
  device: EntraDevice,
): Promise<void> {
  const { drs, user, now } = attempt;
  const change = drs.change(now);
  const byUser = { ...change, ...(user ? { initiatedBy: userInitiator(user) } : {}) };
  const registration = (activityDisplayName: string, operationType: 'Add' | 'Assign') =>
    deviceAudit(byUser, device, { loggedByService: 'Device Registration Service', activityDisplayName, operationType });
  const core = (activityDisplayName: string, operationType: 'Add' | 'Assign' | 'Update', changed: ModifiedProperty[] = []) =>
    deviceAudit({ ...change, initiatedBy: registrationService }, device, {
      loggedByService: 'Core Directory',
      activityDisplayName,
      operationType,
      changes: changed,
    });
  await writeAudit(
    em,
    registration('Register device', 'Add'),
    ...(user ? [registration('User Device Association', 'Assign')] : []),
    ...(before ? [] : [core('Add device', 'Add', changes(before, device))]),
    ...(user ? [core('Add registered owner to device', 'Assign'), core('Add registered users to device', 'Assign')] : []),
    ...(before ? [core('Update device', 'Update', changes(before, device))] : []),
  );
}
