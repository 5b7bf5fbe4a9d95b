/**
 * Codes of the device directory service and their names on the wire (reference 01, 3.2 and 5.5). 809 reads differently on the device; 908
 * has two names.
 */
export const ddsErrorNames = {
  801: 'InvalidZtdRequestBody',
  802: 'InvalidZtdHardwareHash',
  803: 'MissingZtdSerialNumberAndProductKey',
  806: 'ZtdDeviceAlreadyAssigned',
  807: 'ZtdDeviceIsNotRegistered',
  808: 'ZtdDeviceAssignedToOtherTenant',
  809: 'ZtdProfileIsNotRegistered',
  810: 'ZtdProfileAssignedToOtherTenant',
  811: 'ZtdDeviceRegisteredByOtherTenant',
  812: 'ZtdDeviceNotFound',
  813: 'ZtdDeviceIsNotUnique',
  814: 'ZtdDeviceAlreadyAadRegistered',
  815: 'ZtdDeviceHasNoAssignedProfile',
} as const;

export type DdsErrorCode = keyof typeof ddsErrorNames;

/** The name of a code; empty for one that the service does not have. */
export function ddsErrorName(code: number): string {
  const names: Readonly<Record<number, string>> = ddsErrorNames;
  return names[code] ?? '';
}
