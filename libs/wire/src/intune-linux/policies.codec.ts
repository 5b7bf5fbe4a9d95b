/** A setting of a policy. Ids are GUIDs. */
export interface LinuxSetting {
  /** `com.microsoft.manage.LinuxMdm/CustomConfig/Script` */
  readonly cspPath: string;
  readonly cspPathId: string;
  readonly ruleId: string;
  /** `linux_customconfig_script` */
  readonly definition: string;
  readonly reportingId: string;
  readonly value: string;
}

export interface LinuxPolicy {
  /** Intune account id. */
  readonly accountId: string;
  readonly policyId: string;
  readonly description: string;
  readonly version: number;
  readonly policyType: 'Configuration' | 'Compliance';
  readonly settings: readonly LinuxSetting[];
}

/** `GET <LinuxDeviceCheckinService>/policies/<Intune device id>` (himmelblau-idm/intune-spec 2.1.5 and 3.5). */
export const encodeLinuxPolicies = (policies: readonly LinuxPolicy[]): string =>
  JSON.stringify({
    policies: policies.map(({ accountId, description, policyId, settings, policyType, version }) => ({
      accountId,
      description,
      policyId,
      policySettings: settings.map(({ cspPath, cspPathId, ruleId, definition, reportingId, value }) => ({
        cspPath,
        cspPathId,
        ruleId,
        ruleName: null,
        settingDefinitionItemId: definition,
        settingDefinitionReportingId: reportingId,
        value,
      })),
      policyType,
      version,
    })),
  });
