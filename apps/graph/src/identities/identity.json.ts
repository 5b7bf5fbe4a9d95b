import { type AutopilotDevice } from '@greenscreen/model/autopilot';
import { graphDate, NEVER, ZERO_GUID } from '@greenscreen/wire/graph';
import { type GraphVersion } from '../request/graph-request.js';

export const identityResource = 'deviceManagement/windowsAutopilotDeviceIdentities';

/**
 * Graph `windowsAutopilotDeviceIdentity` (reference 01, 3.3). Every property is there: clients break on a missing one and on a null date,
 * not on an empty text. Version 1.0 lacks the assignment and the remediation.
 */
export function encodeIdentity(device: AutopilotDevice, version: GraphVersion): Record<string, unknown> {
  const entraDeviceId = device.entraDeviceId ?? ZERO_GUID;
  const common = {
    groupTag: device.groupTag,
    purchaseOrderIdentifier: device.purchaseOrderIdentifier,
    serialNumber: device.serialNumber,
    productKey: device.productKey,
    manufacturer: device.manufacturer,
    model: device.model,
    enrollmentState: device.enrollmentState,
    lastContactedDateTime: graphDate(device.lastContactedAt),
    addressableUserName: device.addressableUserName,
    userPrincipalName: device.userPrincipalName,
    resourceName: device.resourceName,
    skuNumber: device.skuNumber,
    systemFamily: device.systemFamily,
    azureActiveDirectoryDeviceId: entraDeviceId,
    managedDeviceId: device.managedDeviceId ?? ZERO_GUID,
    displayName: device.displayName,
  };
  if (version === 'v1.0') return { id: device.ztdId, ...common };
  return {
    id: device.ztdId,
    deploymentProfileAssignmentStatus: device.assignmentStatus,
    deploymentProfileAssignmentDetailedStatus: device.assignmentDetail,
    deploymentProfileAssignedDateTime: device.assignedAt ? graphDate(device.assignedAt) : NEVER,
    ...common,
    azureAdDeviceId: entraDeviceId,
    deviceAccountUpn: device.deviceAccountUpn,
    deviceAccountPassword: '',
    deviceFriendlyName: device.resourceName,
    remediationState: device.remediationState,
    remediationStateLastModifiedDateTime: graphDate(device.remediationStateAt),
    userlessEnrollmentStatus: device.userlessEnrollmentStatus,
  };
}
