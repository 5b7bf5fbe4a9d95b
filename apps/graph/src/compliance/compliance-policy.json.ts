import { type IntuneCompliancePolicy } from '@greenscreen/model/mdm-session';
import { graphDate } from '@greenscreen/wire/graph';

export const compliancePolicyResource = 'deviceManagement/deviceCompliancePolicies';
export const compliancePolicyType = '#microsoft.graph.windows10CompliancePolicy';

/** Demands, as they are without an administrator's word (Graph reference). Versions of Windows are compared; the others are kept. */
export const demands: Readonly<Record<string, unknown>> = {
  passwordRequired: false,
  passwordBlockSimple: false,
  passwordRequiredToUnlockFromIdle: false,
  passwordMinutesOfInactivityBeforeLock: null,
  passwordExpirationDays: null,
  passwordMinimumLength: null,
  passwordMinimumCharacterSetCount: null,
  passwordRequiredType: 'deviceDefault',
  passwordPreviousPasswordBlockCount: null,
  requireHealthyDeviceReport: false,
  osMinimumVersion: null,
  osMaximumVersion: null,
  mobileOsMinimumVersion: null,
  mobileOsMaximumVersion: null,
  earlyLaunchAntiMalwareDriverEnabled: false,
  bitLockerEnabled: false,
  secureBootEnabled: false,
  codeIntegrityEnabled: false,
  storageRequireEncryption: false,
};

/** Graph `windows10CompliancePolicy`. */
export const encodeCompliancePolicy = (policy: IntuneCompliancePolicy): Record<string, unknown> => ({
  '@odata.type': compliancePolicyType,
  id: policy.id,
  createdDateTime: graphDate(policy.createdAt),
  description: policy.description,
  lastModifiedDateTime: graphDate(policy.modifiedAt ?? policy.createdAt),
  displayName: policy.displayName,
  version: policy.version,
  roleScopeTagIds: ['0'],
  ...demands,
  ...policy.settings,
});
