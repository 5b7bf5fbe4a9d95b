import { type AutopilotDevice, type DeploymentProfile } from '@greenscreen/model/autopilot';
import { type Tenant } from '@greenscreen/model/tenancy';
import { AUTOPILOT_MDM_ID, type AutopilotProfile, DEFAULT_UPDATE_TIMEOUT_MS, oobeConfigOf } from '@greenscreen/wire/ztd';

export interface ProfileSources {
  readonly registration: AutopilotDevice;
  readonly profile: DeploymentProfile;
  readonly tenant: Tenant;
  readonly serviceCorrelationId: string;
}

/** The profile that a registered device gets (reference 01, 6.1 to 6.3; 06, D-A29 and D-A50). */
export function servedProfile({ registration, profile, tenant, serviceCorrelationId }: ProfileSources): AutopilotProfile {
  const oobe = profile.outOfBoxExperience;
  // A name for the one device replaces the profile's template (06, D-A29 [our choice]).
  const deviceNameTemplate = registration.displayName || profile.deviceNameTemplate;
  const region = regionOf(profile.locale);
  return {
    serviceCorrelationId,
    ztdRegistrationId: registration.ztdId,
    // Kept when the object is gone: the join then fails, as it does in reality (reference 01, 7.3).
    ...(registration.entraDeviceId === null ? {} : { aadDeviceId: registration.entraDeviceId }),
    oobeConfig: oobeConfigOf({
      userIsStandard: oobe.userType === 'standard',
      privacyHidden: oobe.privacySettingsHidden,
      eulaHidden: oobe.eulaHidden,
      keyboardSkipped: oobe.keyboardSelectionPageSkipped,
      selfDeploying: oobe.deviceUsageType === 'shared',
    }),
    domainJoinMethod: profile.joinType,
    forcedEnrollment: oobe.escapeLinkHidden,
    tenantDomain: tenant.initialDomain,
    tenantId: tenant.id,
    mdmId: AUTOPILOT_MDM_ID,
    ...(deviceNameTemplate === '' ? {} : { deviceNameTemplate }),
    ...(profile.locale === '' ? {} : { language: profile.locale }),
    ...(region === undefined ? {} : { region }),
    ...(registration.userPrincipalName === '' ? {} : { tenantUpn: registration.userPrincipalName }),
    ...(registration.addressableUserName === '' ? {} : { addressableUserName: registration.addressableUserName }),
    profileName: profile.displayName,
    explicitAssignment: registration.profileId !== null && registration.explicitAssignment,
    updateDisabled: true,
    updateTimeoutMs: DEFAULT_UPDATE_TIMEOUT_MS,
    hybridSkipsConnectivityCheck: profile.hybridSkipConnectivityCheck,
  };
}

/** A specific culture brings its region along; `os-default` does not (reference 01, 6.4). */
const regionOf = (locale: string): string | undefined => /-([A-Z]{2})$/.exec(locale)?.[1];
