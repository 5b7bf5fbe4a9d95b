import { type ManagedDevice } from '@greenscreen/model/intune';
import { enrollmentTypeOf } from '@greenscreen/model/mdm-enrollment';
import { graphDate, ZERO_GUID } from '@greenscreen/wire/graph';

export const managedDeviceResource = 'deviceManagement/managedDevices';

/** Graph `managedDevice`: no user before the user-device association, not even a pre-assigned one (06 D-B32). */
export const encodeManagedDevice = (device: ManagedDevice, groupTag: string): Record<string, unknown> => ({
  id: device.id,
  userId: device.userId ?? '',
  deviceName: device.deviceName,
  managedDeviceOwnerType: device.managedDeviceOwnerType,
  enrolledDateTime: graphDate(device.enrolledDateTime),
  lastSyncDateTime: graphDate(device.lastSyncDateTime),
  operatingSystem: device.operatingSystem,
  osVersion: device.osVersion,
  complianceState: device.complianceState,
  jailBroken: 'Unknown',
  managementState: device.managementState,
  managementAgent: device.managementAgent,
  easActivated: true,
  azureADRegistered: device.entraDeviceId !== null,
  aadRegistered: device.entraDeviceId !== null,
  azureADDeviceId: device.entraDeviceId ?? ZERO_GUID,
  azureActiveDirectoryDeviceId: device.entraDeviceId ?? ZERO_GUID,
  deviceEnrollmentType: enrollmentTypeOf(device.enrollmentType)?.deviceEnrollmentType ?? 'unknown',
  deviceRegistrationState: device.deviceRegistrationState,
  isSupervised: false,
  isEncrypted: false,
  userPrincipalName: device.userPrincipalName,
  emailAddress: device.userPrincipalName,
  userDisplayName: '',
  model: device.model,
  manufacturer: device.manufacturer,
  serialNumber: device.serialNumber,
  managedDeviceName: device.deviceName,
  autopilotEnrolled: device.autopilotEnrolled,
  deviceCategoryDisplayName: 'Unknown',
  enrollmentProfileName: null,
  groupTag,
  usersLoggedOn: [],
});
