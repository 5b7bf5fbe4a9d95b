import { type DeploymentProfile } from '@greenscreen/model/autopilot';
import { graphDate } from '@greenscreen/wire/graph';

export const profileResource = 'deviceManagement/windowsAutopilotDeploymentProfiles';

export const profileTypes = {
  entra: '#microsoft.graph.azureADWindowsAutopilotDeploymentProfile',
  hybrid: '#microsoft.graph.activeDirectoryWindowsAutopilotDeploymentProfile',
} as const;

/** Graph `windowsAutopilotDeploymentProfile`: members under their present and their former names, which clients still read (reference 01, 3.5). */
export function encodeProfile(profile: DeploymentProfile): Record<string, unknown> {
  const oobe = profile.outOfBoxExperience;
  return {
    '@odata.type': profileTypes[profile.joinType],
    id: profile.id,
    displayName: profile.displayName,
    description: profile.description,
    language: profile.locale,
    locale: profile.locale,
    createdDateTime: graphDate(profile.createdDateTime),
    lastModifiedDateTime: graphDate(profile.lastModifiedDateTime),
    enrollmentStatusScreenSettings: null,
    extractHardwareHash: profile.hardwareHashExtractionEnabled,
    hardwareHashExtractionEnabled: profile.hardwareHashExtractionEnabled,
    deviceNameTemplate: profile.deviceNameTemplate,
    deviceType: profile.deviceType,
    enableWhiteGlove: profile.preprovisioningAllowed,
    preprovisioningAllowed: profile.preprovisioningAllowed,
    roleScopeTagIds: profile.roleScopeTagIds,
    managementServiceAppId: null,
    outOfBoxExperienceSettings: {
      hidePrivacySettings: oobe.privacySettingsHidden,
      hideEULA: oobe.eulaHidden,
      userType: oobe.userType,
      deviceUsageType: oobe.deviceUsageType,
      skipKeyboardSelectionPage: oobe.keyboardSelectionPageSkipped,
      hideEscapeLink: oobe.escapeLinkHidden,
    },
    outOfBoxExperienceSetting: oobe,
    ...(profile.joinType === 'hybrid' ? { hybridAzureADJoinSkipConnectivityCheck: profile.hybridSkipConnectivityCheck } : {}),
  };
}
