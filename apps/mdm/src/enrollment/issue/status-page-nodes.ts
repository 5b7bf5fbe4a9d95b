import { IntuneApp } from '@greenscreen/model/mdm-session';
import { type EspSettings, type Tenant } from '@greenscreen/model/tenancy';
import {
  dmClientProvider,
  encodeExpectedList,
  firstSync,
  type FirstSyncNode,
  msiNode,
  preparationProvider,
  providerState,
  SIDECAR,
  statusPageButtons,
  trackingPoliciesCreated,
  under,
} from '@greenscreen/wire/dm-tree';
import { type CspNode } from '@greenscreen/wire/wap';
import { type EntityManager } from 'typeorm';

/** The page's nodes, as they travel in the provisioning document; the first session writes them again (06 D-B37). */
export async function statusPageNodes(em: EntityManager, { id, esp }: Tenant): Promise<CspNode[]> {
  const apps = await em.find(IntuneApp, { where: { tenantId: id }, order: { position: 'ASC' } });
  return [...firstSyncNodes(esp, apps), ...providerNodes(esp, apps)];
}

const buttons = ({ allowReset, allowRetry, allowContinue }: EspSettings): number =>
  (allowReset ? statusPageButtons.reset : 0) +
  (allowRetry ? statusPageButtons.tryAgain : 0) +
  (allowContinue ? statusPageButtons.continueAnyway : 0);

/** FirstSyncStatus (06 D-B38 to D-B41). */
function firstSyncNodes(esp: EspSettings, apps: readonly IntuneApp[]): CspNode[] {
  const node = (name: FirstSyncNode, format: CspNode['format'], data: string | number | boolean): CspNode => ({
    uri: firstSync(name),
    format,
    data: String(data),
  });
  const policies = [under(dmClientProvider(), 'EntDMID'), ...esp.expectedPolicies].map((uri) => ({ uri }));
  const packages = apps
    .flatMap(({ type, productCode, id }) => (type === 'lob' && productCode !== null && blocks(esp, id) ? [productCode] : []))
    .map((productCode) => ({ uri: msiNode(productCode, 'Status'), count: 1 }));
  return [
    node('TimeOutUntilSyncFailure', 'int', esp.timeoutMinutes),
    node('BlockInStatusPage', 'int', buttons(esp)),
    node('AllowCollectLogsButton', 'bool', esp.collectLogs),
    node('SkipDeviceStatusPage', 'bool', !esp.device),
    node('SkipUserStatusPage', 'bool', !esp.user),
    node('ExpectedPolicies', 'chr', encodeExpectedList(policies)),
    ...(packages.length === 0 ? [] : [node('ExpectedMSIAppPackages', 'chr', encodeExpectedList(packages))]),
  ];
}

const blocks = ({ block }: EspSettings, app: string): boolean => block.length === 0 || block.includes(app);

/** EnrollmentStatusTracking: without a Win32 app nobody has to come up (06 D-B43, D-B48). */
function providerNodes({ providers }: EspSettings, apps: readonly IntuneApp[]): CspNode[] {
  const win32 = apps.some(({ type }) => type === 'win32');
  return providers.flatMap((provider): CspNode[] => {
    const needed = provider === SIDECAR && win32;
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
