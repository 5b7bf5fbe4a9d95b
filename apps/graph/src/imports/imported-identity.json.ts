import { type ImportedIdentity } from '@greenscreen/model/autopilot';

export const importResource = 'deviceManagement/importedWindowsAutopilotDeviceIdentities';

/**
 * Graph `importedWindowsAutopilotDeviceIdentity` (reference 01, 3.2). `unknown` until the import has ended: every public client waits while
 * it reads that word, and stops at any other.
 */
export const encodeImportedIdentity = (row: ImportedIdentity): Record<string, unknown> => ({
  id: row.id,
  groupTag: row.groupTag,
  serialNumber: row.serialNumber,
  productKey: row.productKey,
  importId: row.importId,
  hardwareIdentifier: row.hardwareIdentifier,
  assignedUserPrincipalName: row.assignedUserPrincipalName,
  state: {
    deviceImportStatus: row.status,
    deviceRegistrationId: row.registrationId ?? '',
    deviceErrorCode: row.errorCode,
    deviceErrorName: row.errorName,
  },
});
