import { type AutopilotProfile, hasOobeBit, type OobeBit } from '@greenscreen/wire/ztd';
import { type EventLog } from '../context/index.js';

/** What CloudExperienceHost asks for by name: numbers, texts, and whether a page is overridden (reference 01, section 8: 100 to 111). */
const numbers = (profile: AutopilotProfile): Readonly<Record<string, number>> => ({
  CloudAssignedOobeConfig: profile.oobeConfig,
  CloudAssignedForcedEnrollment: profile.forcedEnrollment ? 1 : 0,
  CloudAssignedDomainJoinMethod: profile.domainJoinMethod === 'hybrid' ? 1 : 0,
});
const texts = (profile: AutopilotProfile): Readonly<Record<string, string | undefined>> => ({
  CloudAssignedTenantDomain: profile.tenantDomain,
  CloudAssignedTenantId: profile.tenantId,
  CloudAssignedTenantUpn: profile.tenantUpn,
  CloudAssignedDeviceName: profile.deviceNameTemplate,
  CloudAssignedLanguage: profile.language,
  CloudAssignedRegion: profile.region,
  DeploymentProfileName: profile.profileName,
});
const pages: Readonly<Record<string, OobeBit>> = {
  SKIP_EXPRESS_SETTINGS: 'skipExpressSettings',
  SKIP_OEM_REGISTRATION: 'skipOemRegistration',
  SKIP_EULA: 'skipEula',
  SKIP_KEYBOARD_SELECTION: 'skipKeyboard',
};

/** The settings become available: an event a value, a warning for each that the profile lacks, and 111 at the end. */
export function reportSettings(events: EventLog, profile: AutopilotProfile): void {
  for (const [PolicyName, PolicyValue] of Object.entries(numbers(profile))) events.emit('autopilot', 101, { PolicyName, PolicyValue });
  for (const [PolicyName, PolicyValue] of Object.entries(texts(profile))) {
    if (PolicyValue === undefined) events.emit('autopilot', 100, { PolicyName });
    else events.emit('autopilot', 103, { PolicyName, PolicyValue });
  }
  for (const [Setting, bit] of Object.entries(pages))
    events.emit('autopilot', 109, { Setting, State: hasOobeBit(profile.oobeConfig, bit) ? 'enabled' : 'disabled' });
  events.emit('autopilot', 111);
}

const missing = ['CloudAssignedOobeConfig', 'CloudAssignedTenantDomain', 'CloudAssignedTenantId', 'DeploymentProfileName'];

/** Without a profile nothing is found; Windows repeats these warnings hundreds of times, once will do here. */
export function reportMissingSettings(events: EventLog): void {
  for (const PolicyName of missing) events.emit('autopilot', 100, { PolicyName });
}
