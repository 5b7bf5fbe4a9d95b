import { encodeOfflineProfile, oobeConfigOf, type ProfileDocument } from '@greenscreen/wire/ztd';
import { AdministratorError } from './administrator-error.js';
import { type ClientCredentials, entitiesOf, type Entity, GraphSession, type Http, isEntity, textOf } from './graph-session.js';

const PROFILES = '/beta/deviceManagement/windowsAutopilotDeploymentProfiles';
const HYBRID = '#microsoft.graph.activeDirectoryWindowsAutopilotDeploymentProfile';

export interface OfflineProfileWish extends ClientCredentials {
  /** Id or display name of a deployment profile. */
  readonly profile: string;
}

/**
 * What `Get-AutopilotProfile | ConvertTo-AutopilotConfigurationJSON` makes: `AutopilotConfigurationFile.json` for a PC that is not registered
 * (reference 01, 6.5), of a deployment profile and the organization. Throws {@link AdministratorError}.
 */
export async function offlineProfile(http: Http, wish: OfflineProfileWish): Promise<ProfileDocument> {
  const graph = await GraphSession.open(http, wish);
  const profiles = await graph.list({ operation: 'ListProfiles', path: PROFILES });
  const profile = profiles.find((each) => [textOf(each, 'id'), textOf(each, 'displayName')].includes(wish.profile));
  if (!profile) throw new AdministratorError('ListProfiles', `there is no profile "${wish.profile}"`);
  const [organization = {}] = await graph.list({ operation: 'ListOrganization', path: '/v1.0/organization' });
  const domain = entitiesOf(organization.verifiedDomains).find(({ isDefault }) => isDefault === true) ?? {};
  const oobe = isEntity(profile.outOfBoxExperienceSetting) ? profile.outOfBoxExperienceSetting : {};
  return encodeOfflineProfile({
    profileId: textOf(profile, 'id'),
    profileName: textOf(profile, 'displayName'),
    domainJoinMethod: profile['@odata.type'] === HYBRID ? 'hybrid' : 'entra',
    deviceNameTemplate: textOf(profile, 'deviceNameTemplate'),
    oobeConfig: oobeConfigOf(settingsOf(oobe)),
    language: textOf(profile, 'locale'),
    forcedEnrollment: oobe.escapeLinkHidden === true,
    tenantId: textOf(organization, 'id'),
    tenantDomain: textOf(domain, 'name'),
    hybridSkipsConnectivityCheck: profile.hybridAzureADJoinSkipConnectivityCheck === true,
  });
}

const settingsOf = (oobe: Entity): Parameters<typeof oobeConfigOf>[0] => ({
  userIsStandard: oobe.userType === 'standard',
  privacyHidden: oobe.privacySettingsHidden === true,
  eulaHidden: oobe.eulaHidden === true,
  keyboardSkipped: oobe.keyboardSelectionPageSkipped === true,
  selfDeploying: oobe.deviceUsageType === 'shared',
});
