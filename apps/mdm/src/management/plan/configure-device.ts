import { dmBatch, type NewDmCommand } from '@greenscreen/model/mdm-session';
import { dmClientProvider, firstSync, INTUNE_PROVIDER, scepRequest, SIDECAR, under } from '@greenscreen/wire/dm-tree';
import { type CspNode } from '@greenscreen/wire/wap';
import { agentPackage } from '../../content/agent-package.js';
import { scepAddress } from '../../content/scep-address.js';
import { certificateProfiles, networkProfiles } from '../../profiles/index.js';
import { agentRequirement, providerNodes, statusPageNodes } from '../../status-page/index.js';
import { type SessionWork } from '../session/session-work.js';
import { noteApps } from './assigned-apps.js';
import { policies } from './assigned-policies.js';
import { installations, packagesOf, storeApps } from './packages.js';
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
  progress.sidecar = agentRequirement(tenant.esp.providers, await work.assigned.deviceApps());
  if (first) queue.add(...inventory.map(inventoryQuestion));
  queue.add(...(await configuration(work)), ...(await policies(work, 'device')));
  if (isProvisioned(work)) return;
  const apps = await work.assigned.deviceApps();
  const agent = progress.sidecar === 'required' ? [agentPackage] : [];
  queue.add(...certificateRequests(work), ...storeApps(work, apps), ...(await installations(work, [...agent, ...packagesOf(apps)])));
  noteApps(
    work,
    (await work.assigned.apps()).filter(({ via }) => via === 'device'),
  );
}

export const inventoryQuestion = (uri: string): NewDmCommand => ({ verb: 'Get', uri, purpose: 'inventory', batch: dmBatch.inventory });

/** EntDMID first, then the page, then its providers (06 D-B38). */
async function configuration(work: SessionWork): Promise<NewDmCommand[]> {
  const { tenant, enrollment, progress, assigned } = work;
  const own = (await assigned.policies()).filter(({ via }) => via === 'device').map(({ policy }) => policy);
  const identity: CspNode = { uri: under(dmClientProvider(), 'EntDMID'), format: 'chr', data: enrollment.id };
  const page = statusPageNodes(tenant, {
    apps: await assigned.deviceApps(),
    networks: networkProfiles(own),
    certificates: certificateProfiles(own),
  });
  return [identity, ...page].map((node) => configurationCommand(node, progress.devicePasses));
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

/** A provider that the tenant adds while the page is up completes a page that waits for it (06 D-B48). */
export async function registerNewProviders(work: SessionWork): Promise<void> {
  const { enrollment, progress, tenant, queue } = work;
  const missing = tenant.esp.providers.filter((provider) => !progress.providers.includes(provider));
  if (missing.length === 0 || !['devicePrep', 'deviceSetup'].includes(enrollment.state)) return;
  const apps = await work.assigned.deviceApps();
  progress.providers = [...progress.providers, ...missing];
  progress.sidecar = agentRequirement(progress.providers, apps);
  queue.add(...providerNodes(missing, apps).map((node) => configurationCommand(node, progress.devicePasses)));
  if (missing.includes(SIDECAR) && progress.sidecar === 'required') queue.add(...(await installations(work, [agentPackage])));
}
