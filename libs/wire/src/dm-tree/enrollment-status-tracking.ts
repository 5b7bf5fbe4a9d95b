import { type NodeScope, under } from './loc-uri.js';

/** The Intune Management Extension's name as a policy provider; no other name satisfies the page (reference 04, 5.2). */
export const SIDECAR = 'Sidecar';

/** InstallationState of a policy provider (EnrollmentStatusTracking CSP). */
export const providerState = { notInstalled: 1, notRequired: 2, completed: 3, error: 4 } as const;
/** InstallationState of a tracked app. */
export const trackedAppState = { notInstalled: 1, inProgress: 2, completed: 3, error: 4 } as const;
/** RebootRequired of a tracked app. */
export const trackedAppReboot = { none: 1, soft: 2, hard: 3 } as const;

/** `./Device/Vendor/MSFT/EnrollmentStatusTracking`, or the user's. */
export const statusTracking = (scope: NodeScope = 'device'): string =>
  `${scope === 'user' ? './User' : './Device'}/Vendor/MSFT/EnrollmentStatusTracking`;

/** `DevicePreparation/PolicyProviders/<provider>`: device scope only. */
export const preparationProvider = (provider: string, ...node: readonly string[]): string =>
  under(statusTracking(), 'DevicePreparation', 'PolicyProviders', provider, ...node);

/** `Setup/Apps/PolicyProviders/<provider>/TrackingPoliciesCreated` */
export const trackingPoliciesCreated = (provider: string, scope: NodeScope = 'device'): string =>
  under(statusTracking(scope), 'Setup', 'Apps', 'PolicyProviders', provider, 'TrackingPoliciesCreated');

/** `Setup/Apps/Tracking/<provider>[/<app>[/<node>]]` */
export const trackedApp = (provider: string, scope: NodeScope = 'device', ...node: readonly string[]): string =>
  under(statusTracking(scope), 'Setup', 'Apps', 'Tracking', provider, ...node);

export const hasProvisioningCompleted = (scope: NodeScope = 'device'): string =>
  under(statusTracking(scope), 'Setup', 'HasProvisioningCompleted');

/** Name under which the IME tracks a Win32 app: `Win32App_<id>_1` (06 D-B49). */
export const win32TrackingName = (appId: string): string => `Win32App_${appId}_1`;
