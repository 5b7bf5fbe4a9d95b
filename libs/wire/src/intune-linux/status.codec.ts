import { integerOf, type JsonObject, objectsOf, parseObject, requiredText, textOf } from '../json/index.js';

/** What became of one setting. */
export interface LinuxSettingStatus {
  readonly ruleId: string;
  readonly definition: string;
  readonly expectedValue: string;
  readonly actualValue: string;
  readonly errorType: number;
  readonly errorCode: number;
  /** `Compliant`, `NonCompliant`, `Unknown`, `Error`: spelt with a capital C here, unlike in IWService [client: libhimmelblau]. */
  readonly newState: string;
  readonly oldState: string;
}

export interface LinuxPolicyStatus {
  readonly policyId: string;
  /** As the device wrote it. */
  readonly at: string;
  readonly details: readonly LinuxSettingStatus[];
}

/** `POST <LinuxDeviceCheckinService>/status` (himmelblau-idm/intune-spec 2.1.3). */
export interface LinuxStatus {
  /** Intune device id. */
  readonly deviceId: string;
  readonly policies: readonly LinuxPolicyStatus[];
}

/** Throws JsonFormatError. */
export function decodeLinuxStatus(text: string): LinuxStatus {
  const body = parseObject(text);
  return {
    deviceId: requiredText(body, 'DeviceId'),
    policies: objectsOf(body, 'PolicyStatuses').map((policy) => ({
      policyId: requiredText(policy, 'PolicyId'),
      at: requiredText(policy, 'LastStatusDateTime'),
      details: objectsOf(policy, 'Details').map(settingStatus),
    })),
  };
}

const settingStatus = (detail: JsonObject): LinuxSettingStatus => ({
  ruleId: requiredText(detail, 'RuleId'),
  definition: requiredText(detail, 'SettingDefinitionItemId'),
  expectedValue: textOf(detail, 'ExpectedValue'),
  actualValue: textOf(detail, 'ActualValue'),
  errorType: integerOf(detail, 'ErrorType') ?? 0,
  errorCode: integerOf(detail, 'ErrorCode') ?? 0,
  newState: requiredText(detail, 'NewComplianceState'),
  oldState: requiredText(detail, 'OldComplianceState'),
});

/** The statuses come back, with errors as numbers that the device may have left out, and without the device's id [trace: intune-spec 3.3]. */
export const encodeLinuxStatusAnswer = ({ policies }: LinuxStatus): string =>
  JSON.stringify({
    PolicyStatuses: policies.map(({ details, at, policyId }) => ({
      Details: details.map((detail) => ({
        ActualValue: detail.actualValue,
        ErrorCode: detail.errorCode,
        ErrorType: detail.errorType,
        ExpectedValue: detail.expectedValue,
        NewComplianceState: detail.newState,
        OldComplianceState: detail.oldState,
        RuleId: detail.ruleId,
        SettingDefinitionItemId: detail.definition,
      })),
      LastStatusDateTime: at,
      PolicyId: policyId,
    })),
  });
