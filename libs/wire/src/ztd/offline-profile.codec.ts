import { type DomainJoinMethod, type ProfileDocument } from './autopilot-profile.js';
import { hasOobeBit } from './oobe-config.js';

/** What an `AutopilotConfigurationFile.json` for existing devices is made of (reference 01, 6.5). */
export interface OfflineProfile {
  readonly profileId: string;
  readonly profileName: string;
  readonly domainJoinMethod: DomainJoinMethod;
  readonly deviceNameTemplate?: string;
  readonly oobeConfig: number;
  /** Written only beside the keyboard bit. */
  readonly language?: string;
  readonly forcedEnrollment: boolean;
  readonly tenantId: string;
  /** The tenant's default domain. */
  readonly tenantDomain: string;
  readonly hybridSkipsConnectivityCheck: boolean;
}

/** Version of the file format. */
const VERSION = 2049;
const UPDATE_TIMEOUT_MS = 1_800_000;

/** The offline file. It has no ZTD id, so that it cannot be pre-provisioned with. */
export function encodeOfflineProfile(profile: OfflineProfile): ProfileDocument {
  const forcedEnrollment = profile.forcedEnrollment ? 1 : 0;
  return {
    Comment_File: `Profile ${profile.profileName}`,
    Version: VERSION,
    ZtdCorrelationId: profile.profileId,
    CloudAssignedDomainJoinMethod: profile.domainJoinMethod === 'hybrid' ? 1 : 0,
    ...(profile.deviceNameTemplate ? { CloudAssignedDeviceName: profile.deviceNameTemplate } : {}),
    CloudAssignedOobeConfig: profile.oobeConfig,
    ...(profile.language && hasOobeBit(profile.oobeConfig, 'skipKeyboard') ? { CloudAssignedLanguage: profile.language } : {}),
    CloudAssignedForcedEnrollment: forcedEnrollment,
    CloudAssignedTenantId: profile.tenantId,
    CloudAssignedTenantDomain: profile.tenantDomain,
    CloudAssignedAadServerData: encodeAadServerData({ tenantUpn: '', forcedEnrollment, tenantDomain: profile.tenantDomain }),
    ...(profile.hybridSkipsConnectivityCheck ? { HybridJoinSkipDCConnectivityCheck: 1 } : {}),
    CloudAssignedAutopilotUpdateDisabled: 1,
    CloudAssignedAutopilotUpdateTimeout: UPDATE_TIMEOUT_MS,
  };
}

/** `CloudAssignedAadServerData`: JSON in a string, in the offline file and in the device's policy cache (reference 01, 6.1). */
export const encodeAadServerData = (data: {
  readonly tenantUpn: string;
  readonly forcedEnrollment: 0 | 1;
  readonly tenantDomain: string;
}): string =>
  JSON.stringify({
    ZeroTouchConfig: {
      CloudAssignedTenantUpn: data.tenantUpn,
      ForcedEnrollment: data.forcedEnrollment,
      CloudAssignedTenantDomain: data.tenantDomain,
    },
  });
