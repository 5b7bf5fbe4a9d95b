/** One row of the four enums that name the same thing (06 D-B28). */
export interface EnrollmentType {
  /** Intune's own name, as fault texts print it. */
  readonly name: string;
  /** Graph `managedDevice.deviceEnrollmentType`. */
  readonly deviceEnrollmentType:
    'windowsAzureADJoinUsingDeviceAuth' | 'windowsAzureADJoin' | 'windowsAutoEnrollment' | 'windowsBulkAzureDomainJoin' | 'userEnrollment';
  /** Graph `windowsAutopilotDeploymentEvent.enrollmentType`; undefined outside Autopilot. */
  readonly autopilotEnrollmentType?: string;
  /** Enrolled by the device itself. */
  readonly userless: boolean;
  /** Counts as corporate, so that a block of personal devices does not reach it (06 D-B16). */
  readonly corporate: boolean;
}

const deviceAuth = { deviceEnrollmentType: 'windowsAzureADJoinUsingDeviceAuth', userless: true, corporate: true } as const;
const autopilotUser = { deviceEnrollmentType: 'windowsAzureADJoin', userless: false, corporate: true } as const;

/**
 * Intune's internal enrollment types by number (certificate extension 1.2.840.113556.5.16, IWService): names of the device lifecycle
 * support notes [trace], their conditions inferred (reference 04, 3.3).
 */
export const enrollmentTypes = {
  1: { name: 'UserPersonal', deviceEnrollmentType: 'userEnrollment', userless: false, corporate: false },
  2: { name: 'UserPersonalWithAAD', deviceEnrollmentType: 'userEnrollment', userless: false, corporate: false },
  4: { name: 'UserCorporateWithAAD', deviceEnrollmentType: 'windowsAzureADJoin', userless: false, corporate: false },
  10: { name: 'AutoEnrollment', deviceEnrollmentType: 'windowsAutoEnrollment', userless: false, corporate: true },
  11: { name: 'BulkAzureDomainJoined', deviceEnrollmentType: 'windowsBulkAzureDomainJoin', userless: false, corporate: true },
  13: {
    name: 'AutoPilotAzureDomainJoinedWithProfile',
    ...autopilotUser,
    autopilotEnrollmentType: 'azureADJoinedWithAutopilotProfile',
  },
  15: {
    name: 'AutoPilotOnPremDomainJoinedWithOfflineProfile',
    ...autopilotUser,
    autopilotEnrollmentType: 'offlineDomainJoinedWithOfflineAutopilotProfile',
  },
  25: {
    name: 'AutoPilotPlugAndForgetIntune',
    ...deviceAuth,
    autopilotEnrollmentType: 'azureADJoinedUsingDeviceAuthWithAutopilotProfile',
  },
  27: {
    name: 'AutoPilotADJWithOfflineProfile',
    ...autopilotUser,
    autopilotEnrollmentType: 'azureADJoinedWithOfflineAutopilotProfile',
  },
  29: { name: 'AutoPilotADJDeviceAuthWhiteGlove', ...deviceAuth, autopilotEnrollmentType: 'azureADJoinedWithWhiteGlove' },
  30: { name: 'AutoPilotOnPremDeviceAuthWhiteGlove', ...deviceAuth, autopilotEnrollmentType: 'offlineDomainJoinedWithWhiteGlove' },
  35: { name: 'AzureVMExtensionEnrollment', ...deviceAuth },
} as const satisfies Readonly<Record<number, EnrollmentType>>;

export type EnrollmentTypeNumber = keyof typeof enrollmentTypes;

/** The row of a stored number; undefined for one that Intune does not have. */
export function enrollmentTypeOf(number: number): EnrollmentType | undefined {
  const rows: Readonly<Record<number, EnrollmentType>> = enrollmentTypes;
  return rows[number];
}
