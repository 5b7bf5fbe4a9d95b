import { dmBatch, IntunePolicy, type NewDmCommand } from '@greenscreen/model/mdm-session';
import {
  appInstallation,
  dmClientProvider,
  firstSync,
  INTUNE_PROVIDER,
  msiNode,
  msiStatus,
  scepRequest,
  scopeOf,
  SIDECAR,
  under,
} from '@greenscreen/wire/dm-tree';
import { encodeHostedInstall } from '@greenscreen/wire/modern-app';
import { encodeMsiInstallJob } from '@greenscreen/wire/msi-job';
import { type CspNode } from '@greenscreen/wire/wap';
import { agentRequirement, providerNodes, statusPageNodes } from '../../status-page/index.js';
import { agentPackage } from '../../content/agent-package.js';
import { scepAddress } from '../../content/scep-address.js';
import { installJob, type ServedPackage } from '../../content/served-package.js';
import { familyName, storeAppUrl } from '../../content/store-app.js';
import { type SessionWork } from '../session/session-work.js';
import { managedPackages } from './packages.js';
import { isProvisioned, passIsOpen } from './phase.js';

/** What the first message asks for (reference 04, 7). */
const inventory = [
  './DevDetail/SwV',
  './DevDetail/Ext/DeviceHardwareData',
  under('./Vendor/MSFT/NodeCache', INTUNE_PROVIDER, 'CacheVersion'),
];

/**
 * A pass of the device part: the first of an enrollment, one after Retry, and one after a reseal has dropped the page's state (06 D-B25,
 * D-B38, D-B45).
 */
export async function configureDevice(work: SessionWork): Promise<void> {
  const { progress, queue, nodes, tenant } = work;
  const first = progress.devicePasses === 0;
  const dropped = nodes.reported(firstSync('ServerHasFinishedProvisioning'))?.toLowerCase() === 'false';
  if (!first && !work.retried && !(isProvisioned(work) && dropped && !passIsOpen(work))) return;
  for (const command of queue.unfinished(({ pass }) => pass > 0)) queue.settle(command, null, 'cancelled');
  progress.devicePasses += 1;
  progress.providers = [...tenant.esp.providers];
  progress.sidecar = agentRequirement(tenant.esp.providers, await work.tenantApps());
  if (first) queue.add(...inventory.map(inventoryQuestion));
  queue.add(...(await configuration(work)), ...(await policies(work)));
  if (isProvisioned(work)) return;
  queue.add(...certificateRequests(work), ...(await storeApps(work)), ...(await installations(work, await managedPackages(work))));
}

export const inventoryQuestion = (uri: string): NewDmCommand => ({ verb: 'Get', uri, purpose: 'inventory', batch: dmBatch.inventory });

/** EntDMID first, then the page, then its providers (06 D-B38). */
async function configuration(work: SessionWork): Promise<NewDmCommand[]> {
  const { tenant, enrollment, progress } = work;
  const identity: CspNode = { uri: under(dmClientProvider(), 'EntDMID'), format: 'chr', data: enrollment.id };
  return [identity, ...statusPageNodes(tenant, await work.tenantApps())].map((node) => configurationCommand(node, progress.devicePasses));
}

/** A provider's nodes are added, 418 being success; everything else is replaced (reference 04, 7). */
const configurationCommand = ({ uri, format, data }: CspNode, pass: number): NewDmCommand => ({
  verb: uri.includes('/PolicyProviders/') ? 'Add' : 'Replace',
  uri,
  format,
  data,
  pass,
  purpose: 'configuration',
  batch: dmBatch.configuration,
});

/** The format follows from the value's JSON type (06 D-B51). */
export const policyFormats = { number: 'int', boolean: 'bool', string: 'chr' } as const;

/** All of the tenant's device policies in one Atomic. */
export async function policies({ em, tenant, progress }: SessionWork): Promise<NewDmCommand[]> {
  const all = await em.find(IntunePolicy, { where: { tenantId: tenant.id }, order: { position: 'ASC' } });
  return all
    .filter(({ uri }) => scopeOf(uri) === 'device')
    .map(({ uri, value }) => ({
      verb: 'Replace',
      uri,
      format: formatOf(value),
      data: String(value),
      pass: progress.devicePasses,
      purpose: 'policy',
      batch: dmBatch.policies,
      atomic: `policies ${progress.devicePasses}`,
    }));
}

export const formatOf = (value: number | boolean | string): string =>
  typeof value === 'number' ? policyFormats.number : typeof value === 'boolean' ? policyFormats.boolean : policyFormats.string;

/** SCEP profiles: what the request needs, then Exec (ClientCertificateInstall CSP; 06 D-B52). */
function certificateRequests({ tenant, progress }: SessionWork): NewDmCommand[] {
  return (tenant.esp.certificates ?? []).flatMap((name) => {
    const common = { pass: progress.devicePasses, purpose: 'policy', batch: dmBatch.policies } as const;
    const nodes = Object.entries({ ServerURL: scepAddress(tenant.id, name), SubjectName: `CN=${name}` });
    return [
      ...nodes.map(([node, data]): NewDmCommand => ({
        ...common,
        verb: 'Replace',
        uri: scepRequest(name, 'Install', node),
        format: 'chr',
        data,
      })),
      { ...common, verb: 'Exec' as const, uri: scepRequest(name, 'Install', 'Enroll') },
    ];
  });
}

/** Add, then Exec of each packaged app (EnterpriseModernAppManagement CSP). */
async function storeApps(work: SessionWork): Promise<NewDmCommand[]> {
  const apps = (await work.tenantApps()).filter(({ type }) => type === 'store');
  return apps.flatMap((app): NewDmCommand[] => {
    const uri = appInstallation(familyName(app), 'HostedInstall');
    const common = { uri, pass: work.progress.devicePasses, purpose: 'policy', batch: dmBatch.policies } as const;
    const data = encodeHostedInstall({ packageUri: storeAppUrl(app) });
    return [
      { ...common, verb: 'Add' },
      { ...common, verb: 'Exec', format: 'xml', data },
    ];
  });
}

/** Add, then Exec of each MSI that is not known to be there (reference 04, 4.5). */
async function installations({ nodes, progress }: SessionWork, packages: readonly ServedPackage[]): Promise<NewDmCommand[]> {
  const commands: NewDmCommand[] = [];
  for (const served of packages) {
    if (Number(await nodes.value(msiNode(served.productCode, 'Status'))) === msiStatus.completed) continue;
    const uri = msiNode(served.productCode, 'DownloadInstall');
    const common = { uri, pass: progress.devicePasses, purpose: 'agent', batch: dmBatch.policies } as const;
    commands.push({ ...common, verb: 'Add' }, { ...common, verb: 'Exec', format: 'xml', data: encodeMsiInstallJob(installJob(served)) });
  }
  return commands;
}

/** A provider that the tenant adds while the page is up completes a page that waits for it (06 D-B48). */
export async function registerNewProviders(work: SessionWork): Promise<void> {
  const { enrollment, progress, tenant, queue } = work;
  const missing = tenant.esp.providers.filter((provider) => !progress.providers.includes(provider));
  if (missing.length === 0 || !['devicePrep', 'deviceSetup'].includes(enrollment.state)) return;
  const apps = await work.tenantApps();
  progress.providers = [...progress.providers, ...missing];
  progress.sidecar = agentRequirement(progress.providers, apps);
  queue.add(...providerNodes(missing, apps).map((node) => configurationCommand(node, progress.devicePasses)));
  if (missing.includes(SIDECAR) && progress.sidecar === 'required') queue.add(...(await installations(work, [agentPackage])));
}
