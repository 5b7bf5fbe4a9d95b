import { type AutopilotProfile, encodeAadServerData, type ProfileDocument } from '@greenscreen/wire/ztd';
import { CORRELATIONS_KEY, DIAGNOSTICS_KEY, POLICY_CACHE_KEY, PROFILE_FILE } from './places.js';
import { type ProfileContext } from './profile-context.js';

/** `AutopilotMode` of the policy cache: 2 was seen with a hybrid profile, 1 for the others is our choice (reference 01, 6.6). */
const modes = { none: 0, entra: 1, hybrid: 2 } as const;

/** Writes the profile file, whatever is in it, and the values that diagnostics read (reference 01, 6.6). */
export function saveProfile(context: ProfileContext, document: ProfileDocument, profile: AutopilotProfile | undefined): void {
  context.files.set(PROFILE_FILE, JSON.stringify(document));
  context.registry.set(POLICY_CACHE_KEY, 'ProfileAvailable', profile ? 1 : 0);
  context.registry.set(POLICY_CACHE_KEY, 'PolicyJsonCache', policyJson(context, document, profile));
  if (profile) writeDiagnostics(context, profile);
  else disableAutopilot(context);
}

/** Nothing was downloaded, and nothing is left of what was there before. */
export function noteNoProfile(context: ProfileContext): void {
  context.registry.set(POLICY_CACHE_KEY, 'ProfileAvailable', 0);
  disableAutopilot(context);
}

/** The device goes on as one that nobody manages (reference 05, B2). */
function disableAutopilot(context: ProfileContext): void {
  forgetDiagnostics(context);
  context.registry.set(DIAGNOSTICS_KEY, 'IsAutoPilotDisabled', 1);
}

/** Removes the cached profile: what the landing page does before it asks again (reference 05, T4). */
export function clearProfile(context: ProfileContext): void {
  context.files.delete(PROFILE_FILE);
  context.registry.deleteKey(POLICY_CACHE_KEY);
  forgetDiagnostics(context);
}

function writeDiagnostics({ registry }: ProfileContext, profile: AutopilotProfile): void {
  const values = {
    AadTenantId: profile.tenantId,
    CloudAssignedTenantDomain: profile.tenantDomain,
    CloudAssignedTenantId: profile.tenantId,
    CloudAssignedOobeConfig: profile.oobeConfig,
    DeploymentProfileName: profile.profileName ?? '',
    IsAutoPilotDisabled: 0,
    TenantMatched: 1,
  };
  for (const [name, value] of Object.entries(values)) registry.set(DIAGNOSTICS_KEY, name, value);
  // An offline file has the profile's id instead (06, D-A7).
  if (profile.ztdRegistrationId !== undefined) registry.set(CORRELATIONS_KEY, 'ZtdRegistrationId', profile.ztdRegistrationId);
  else if (profile.ztdCorrelationId !== undefined) registry.set(CORRELATIONS_KEY, 'ZtdCorrelationId', profile.ztdCorrelationId);
}

function forgetDiagnostics({ registry }: ProfileContext): void {
  for (const name of [
    'AadTenantId',
    'CloudAssignedTenantDomain',
    'CloudAssignedTenantId',
    'CloudAssignedOobeConfig',
    'DeploymentProfileName',
    'TenantMatched',
  ])
    registry.deleteValue(DIAGNOSTICS_KEY, name);
  registry.deleteValue(CORRELATIONS_KEY, 'ZtdRegistrationId');
}

/** Indented, with CRLF, and the quotes of the inner JSON as escapes. */
function policyJson({ clock }: ProfileContext, document: ProfileDocument, profile: AutopilotProfile | undefined): string {
  const serverData = encodeAadServerData({
    tenantUpn: profile?.tenantUpn ?? '',
    forcedEnrollment: profile?.forcedEnrollment ? 1 : 0,
    tenantDomain: profile?.tenantDomain ?? '',
  });
  const cache = {
    ...document,
    AutopilotCreationDate: clock
      .now()
      .toISOString()
      .replace(/\.\d{3}Z$/, 'Z'),
    AutopilotUpdateTimeout: profile?.updateTimeoutMs ?? 0,
    AutopilotMode: profile ? modes[profile.domainJoinMethod] : modes.none,
    AutopilotCorrelationVector: document.PolicyDownloadCorrelationVector ?? '',
    CloudAssignedAadServerData: serverData,
  };
  return JSON.stringify(cache, undefined, 2).replaceAll('\\"', '\\u0022').replaceAll('\n', '\r\n');
}
