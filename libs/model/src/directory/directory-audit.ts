import { type AuditEntry, type AuditInitiator, type ModifiedProperty } from '../audit/index.js';
import { type EntraDevice } from './entra-device.entity.js';

/** What every directory operation needs to know of the request that it serves. */
export interface DirectoryChange {
  readonly random: { uuid(): string };
  /** Now, in the tenant's time. Read it before the transaction opens. */
  readonly at: Date;
  /** Trace id of the request. */
  readonly correlationId: string;
  /** Who did it; each operation says whom it takes when this is missing. */
  readonly initiatedBy?: AuditInitiator;
}

/** The registration service as initiator of what it does in the directory (reference 02, 16 [trace]). */
export const registrationService: AuditInitiator = {
  kind: 'app',
  appId: '01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9',
  displayName: 'Device Registration Service',
  servicePrincipalId: null,
};

/** Intune as initiator: it imports hashes and deletes registrations (reference 02, 16 "app" [inferred]). */
export const intuneService: AuditInitiator = {
  kind: 'app',
  appId: '0000000a-0000-0000-c000-000000000000',
  displayName: 'Microsoft Intune',
  servicePrincipalId: null,
};

/** A changed property; values are JSON text of an array of one (reference 02, 16). */
export const propertyChange = (displayName: string, oldValue: unknown, newValue: unknown): ModifiedProperty => ({
  displayName,
  oldValue: JSON.stringify([oldValue]),
  newValue: JSON.stringify([newValue]),
});

/** An audit entry about a device object (reference 02, 16). Initiator: the change's, else {@link registrationService}. */
export function deviceAudit(
  { random, at, correlationId, initiatedBy }: DirectoryChange,
  device: Pick<EntraDevice, 'tenantId' | 'objectId' | 'displayName'>,
  entry: Pick<AuditEntry, 'loggedByService' | 'activityDisplayName' | 'operationType'> & { changes?: ModifiedProperty[] },
): AuditEntry {
  const { changes = [], ...rest } = entry;
  return {
    ...rest,
    id: random.uuid(),
    tenantId: device.tenantId,
    at,
    correlationId,
    category: 'Device',
    initiatedBy: initiatedBy ?? registrationService,
    targetResources: [{ id: device.objectId, displayName: device.displayName, type: 'Device', modifiedProperties: changes }],
  };
}
