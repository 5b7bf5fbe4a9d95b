/** The profile service (reference 01, 5.1 and 5.2). */
export const ZTD_ORIGIN = 'https://ztd.dds.microsoft.com';

export const ztdPaths = {
  profile: '/ztd/device/AutopilotDeviceBootstrapPolicies',
  remediation: '/ztd/device/UpdateDeviceHardwareMismatchRemediationState',
} as const;

/** Both directions of the remediation call. */
export const ZTD_JSON = 'application/json; charset=utf-8';
