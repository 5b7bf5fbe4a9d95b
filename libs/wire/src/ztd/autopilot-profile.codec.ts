import { type AutopilotProfile, DEFAULT_UPDATE_TIMEOUT_MS, type ProfileDocument } from './autopilot-profile.js';

const bit = (value: boolean): 0 | 1 => (value ? 1 : 0);

/**
 * The profile as the service answers it, members in the order of a published file. Everything that is a yes or no is a number, but for
 * `IsExplicitProfileAssignment` (reference 01, 6.1). Absent members are left out.
 */
export function encodeAutopilotProfile(profile: AutopilotProfile): ProfileDocument {
  const members: ProfileDocument = {
    AutopilotServiceCorrelationId: profile.serviceCorrelationId,
    ZtdRegistrationId: profile.ztdRegistrationId,
    AadDeviceId: profile.aadDeviceId,
    CloudAssignedOobeConfig: profile.oobeConfig,
    CloudAssignedDomainJoinMethod: bit(profile.domainJoinMethod === 'hybrid'),
    CloudAssignedForcedEnrollment: bit(profile.forcedEnrollment),
    CloudAssignedTenantDomain: profile.tenantDomain,
    CloudAssignedTenantId: profile.tenantId,
    CloudAssignedMdmId: profile.mdmId,
    CloudAssignedDeviceName: profile.deviceNameTemplate,
    CloudAssignedLanguage: profile.language,
    CloudAssignedRegion: profile.region,
    CloudAssignedTenantUpn: profile.tenantUpn,
    CloudAssignedAddressableUserName: profile.addressableUserName,
    DeploymentProfileName: profile.profileName,
    IsExplicitProfileAssignment: profile.explicitAssignment,
    CloudAssignedAutopilotUpdateDisabled: bit(profile.updateDisabled),
    CloudAssignedPrivacyDiagnostics: 0,
    HybridJoinSkipDCConnectivityCheck: bit(profile.hybridSkipsConnectivityCheck),
    CloudAssignedAutopilotUpdateTimeout: profile.updateTimeoutMs,
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== ''));
}

/**
 * The profile in a file or an answer, or undefined when there is none in it: no tenant, as in an error object or `{}`. Names compare without
 * regard to case, because files in the wild disagree (reference 01, 6.1).
 */
export function decodeAutopilotProfile(document: ProfileDocument): AutopilotProfile | undefined {
  const members = new Map(Object.entries(document).map(([name, value]) => [name.toLowerCase(), value]));
  const text = (name: string): string | undefined => {
    const value = members.get(name.toLowerCase());
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const number = (name: string): number | undefined => {
    const value = members.get(name.toLowerCase());
    return typeof value === 'number' ? value : undefined;
  };
  const explicit = members.get('isexplicitprofileassignment');
  const tenantDomain = text('CloudAssignedTenantDomain');
  const tenantId = text('CloudAssignedTenantId');
  if (tenantDomain === undefined || tenantId === undefined) return undefined;
  const optional = {
    serviceCorrelationId: text('AutopilotServiceCorrelationId'),
    ztdRegistrationId: text('ZtdRegistrationId'),
    ztdCorrelationId: text('ZtdCorrelationId'),
    aadDeviceId: text('AadDeviceId'),
    mdmId: text('CloudAssignedMdmId'),
    deviceNameTemplate: text('CloudAssignedDeviceName'),
    language: text('CloudAssignedLanguage'),
    region: text('CloudAssignedRegion'),
    tenantUpn: text('CloudAssignedTenantUpn'),
    addressableUserName: text('CloudAssignedAddressableUserName'),
    profileName: text('DeploymentProfileName'),
    explicitAssignment: typeof explicit === 'boolean' ? explicit : undefined,
    policyDownloadDate: text('PolicyDownloadDate'),
    policyDownloadCorrelationVector: text('PolicyDownloadCorrelationVector'),
  };
  return {
    ...present(optional),
    oobeConfig: number('CloudAssignedOobeConfig') ?? 0,
    domainJoinMethod: number('CloudAssignedDomainJoinMethod') === 1 ? 'hybrid' : 'entra',
    forcedEnrollment: number('CloudAssignedForcedEnrollment') === 1,
    tenantDomain,
    tenantId,
    updateDisabled: number('CloudAssignedAutopilotUpdateDisabled') === 1,
    updateTimeoutMs: number('CloudAssignedAutopilotUpdateTimeout') ?? DEFAULT_UPDATE_TIMEOUT_MS,
    hybridSkipsConnectivityCheck: number('HybridJoinSkipDCConnectivityCheck') === 1,
  };
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function present<T extends Readonly<Record<string, unknown>>>(values: T): Present<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>;
}

/** The text of a profile file or answer as a JSON object; undefined when it is none (reference 01, 5.4). An empty body is `{}`. */
export function parseProfileDocument(body: Buffer | string): ProfileDocument | undefined {
  const text = typeof body === 'string' ? body : utf8(body);
  if (text === undefined) return undefined;
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function utf8(body: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is ProfileDocument => typeof value === 'object' && value !== null && !Array.isArray(value);
