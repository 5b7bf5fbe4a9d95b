import { type NodeScope, under } from './loc-uri.js';

/** Intune's provider id: node name under DMClient and PROVIDER-ID of the account (06 D-B18). */
export const INTUNE_PROVIDER = 'MS DM Server';

const root = (scope: NodeScope): string => (scope === 'user' ? './User/Vendor/MSFT' : './Device/Vendor/MSFT');

/** `./Device/Vendor/MSFT/DMClient/Provider/MS%20DM%20Server` (DMClient CSP). */
export const dmClientProvider = (provider = INTUNE_PROVIDER, scope: NodeScope = 'device'): string =>
  under(root(scope), 'DMClient', 'Provider', provider);

/** Nodes of `FirstSyncStatus` (DMClient CSP; reference 04, 5.2; the timeout's name: 06 D-B40). */
export const firstSyncNodes = [
  'ExpectedPolicies',
  'ExpectedNetworkProfiles',
  'ExpectedMSIAppPackages',
  'ExpectedModernAppPackages',
  'ExpectedPFXCerts',
  'ExpectedSCEPCerts',
  'TimeOutUntilSyncFailure',
  'ServerHasFinishedProvisioning',
  'IsSyncDone',
  'WasDeviceSuccessfullyProvisioned',
  'BlockInStatusPage',
  'AllowCollectLogsButton',
  'CustomErrorText',
  'SkipDeviceStatusPage',
  'SkipUserStatusPage',
] as const;
export type FirstSyncNode = (typeof firstSyncNodes)[number];

/** A node of `FirstSyncStatus`. */
export const firstSync = (node: FirstSyncNode, provider = INTUNE_PROVIDER, scope: NodeScope = 'device'): string =>
  under(dmClientProvider(provider, scope), 'FirstSyncStatus', node);

/** Bits of `BlockInStatusPage` (06 D-B41). */
export const statusPageButtons = { reset: 1, tryAgain: 2, continueAnyway: 4 } as const;
