/** Where AutopilotManager keeps the profile, and what it calls it (reference 01, 5.4 and 6.6). */
export const PROFILE_FILE = 'C:\\Windows\\ServiceState\\wmansvc\\AutopilotDDSZTDFile.json';
/** The answer to a remediation report (reference 01, 5.6). */
export const REMEDIATION_FILE = 'C:\\Windows\\ServiceState\\wmansvc\\MarkRemediationStatusResponse.txt';
export const PROFILE_NAME = 'AutopilotDDSZTDFile';

export const DIAGNOSTICS_KEY = 'HKLM\\SOFTWARE\\Microsoft\\Provisioning\\Diagnostics\\Autopilot';
export const CORRELATIONS_KEY = `${DIAGNOSTICS_KEY}\\EstablishedCorrelations`;
export const POLICY_CACHE_KEY = 'HKLM\\SOFTWARE\\Microsoft\\Provisioning\\AutopilotPolicyCache';
export const SETTINGS_KEY = 'HKLM\\SOFTWARE\\Microsoft\\Provisioning\\AutopilotSettings';
