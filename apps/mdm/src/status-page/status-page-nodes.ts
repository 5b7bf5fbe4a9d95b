import { type IntuneApp } from '@greenscreen/model/mdm-session';
import { type EspSettings, type Tenant } from '@greenscreen/model/tenancy';
import {
  dmClientProvider,
  encodeExpectedList,
  type ExpectedEntry,
  firstSync,
  type FirstSyncNode,
  INTUNE_PROVIDER,
  msiNode,
  type NodeScope,
  preparationProvider,
  providerState,
  scepRequest,
  scopeOf,
  SIDECAR,
  statusPageButtons,
  storeApp,
  trackingPoliciesCreated,
  under,
} from '@greenscreen/wire/dm-tree';
import { type CspNode } from '@greenscreen/wire/wap';
import { familyName } from '../content/store-app.js';

/** The page's nodes, as they travel in the provisioning document; the first session writes them again (06 D-B37). */
export const statusPageNodes = ({ esp }: Tenant, assigned: PageAssignments): CspNode[] => [
  ...firstSyncNodes(esp, assigned),
  ...providerNodes(esp.providers, assigned.apps),
];

/** What the page may have to wait for: assigned to the device itself. */
export interface PageAssignments {
  readonly apps: readonly IntuneApp[];
  /** LocURIs of network profiles. */
  readonly networks: readonly string[];
  /** LocURIs of certificate requests. */
  readonly certificates: readonly string[];
}

const buttons = ({ allowReset, allowRetry, allowContinue }: EspSettings): number =>
  (allowReset ? statusPageButtons.reset : 0) +
  (allowRetry ? statusPageButtons.tryAgain : 0) +
  (allowContinue ? statusPageButtons.continueAnyway : 0);

const firstSyncNode = (
  name: FirstSyncNode,
  format: CspNode['format'],
  data: string | number | boolean,
  scope: NodeScope = 'device',
): CspNode => ({ uri: firstSync(name, INTUNE_PROVIDER, scope), format, data: String(data) });

const expectedPolicies = (esp: EspSettings, scope: NodeScope): string =>
  encodeExpectedList(
    [under(dmClientProvider(), 'EntDMID'), ...esp.expectedPolicies.filter((uri) => scopeOf(uri) === scope)].map((uri) => ({ uri })),
  );

/** FirstSyncStatus (06 D-B38 to D-B41). */
function firstSyncNodes(esp: EspSettings, { apps, networks, certificates }: PageAssignments): CspNode[] {
  const blocking = apps.filter(({ id }) => isBlocking(esp, id));
  const expected = (name: FirstSyncNode, entries: readonly ExpectedEntry[]): CspNode[] =>
    entries.length === 0 ? [] : [firstSyncNode(name, 'chr', encodeExpectedList(entries))];
  return [
    firstSyncNode('TimeOutUntilSyncFailure', 'int', esp.timeoutMinutes),
    firstSyncNode('BlockInStatusPage', 'int', buttons(esp)),
    firstSyncNode('AllowCollectLogsButton', 'bool', esp.collectLogs),
    firstSyncNode('SkipDeviceStatusPage', 'bool', !esp.device),
    firstSyncNode('SkipUserStatusPage', 'bool', !esp.user),
    firstSyncNode('ExpectedPolicies', 'chr', expectedPolicies(esp, 'device')),
    ...expected(
      'ExpectedNetworkProfiles',
      networks.map((uri) => ({ uri })),
    ),
    ...expected(
      'ExpectedMSIAppPackages',
      blocking.flatMap(({ type, productCode }) =>
        type === 'lob' && productCode !== null ? [{ uri: msiNode(productCode, 'Status'), count: 1 }] : [],
      ),
    ),
    ...expected(
      'ExpectedModernAppPackages',
      blocking.filter(({ type }) => type === 'store').map((app) => ({ uri: storeApp(familyName(app)), count: 1 })),
    ),
    ...expected(
      'ExpectedSCEPCerts',
      [...(esp.certificates ?? []).map((name) => scepRequest(name)), ...certificates].map((uri) => ({ uri })),
    ),
    ...(esp.customErrorText === undefined ? [] : [firstSyncNode('CustomErrorText', 'chr', esp.customErrorText)]),
  ];
}

/** Whether the device's page waits for an app: for every one unless the tenant names those that count, or the page is for users. */
export const isBlocking = ({ block, targeted }: EspSettings, app: string): boolean =>
  targeted !== 'users' && (block.length === 0 || block.includes(app));

/** What the management extension has to do with the page: nothing to do without a Win32 app (06 D-B43). */
export function agentRequirement(providers: readonly string[], apps: readonly IntuneApp[]): 'none' | 'required' | 'notRequired' {
  if (!providers.includes(SIDECAR)) return 'none';
  return apps.some(({ type }) => type === 'win32') ? 'required' : 'notRequired';
}

/** EnrollmentStatusTracking: a provider that has nothing to install is registered as done (06 D-B43, D-B48). */
export function providerNodes(providers: readonly string[], apps: readonly IntuneApp[]): CspNode[] {
  return providers.flatMap((provider): CspNode[] => {
    const needed = provider === SIDECAR && agentRequirement(providers, apps) === 'required';
    return [
      {
        uri: preparationProvider(provider, 'InstallationState'),
        format: 'int',
        data: String(needed ? providerState.notInstalled : providerState.notRequired),
      },
      { uri: preparationProvider(provider, 'TrackedResourceTypes', 'Apps'), format: 'bool', data: String(needed) },
      { uri: trackingPoliciesCreated(provider), format: 'bool', data: String(!needed) },
    ];
  });
}

/**
 * The user's part (reference 04, 5.2; 06 D-B45). Nobody tracks the user's own apps there; the list names a node
 * that exists, because an empty one never ends "Identifying" [our choice].
 */
export function userStatusPageNodes({ esp }: Tenant): CspNode[] {
  return [
    firstSyncNode('ExpectedPolicies', 'chr', expectedPolicies(esp, 'user'), 'user'),
    ...esp.providers.map((provider): CspNode => ({ uri: trackingPoliciesCreated(provider, 'user'), format: 'bool', data: 'true' })),
  ];
}
