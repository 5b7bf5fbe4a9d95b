import { type SessionWork } from '../session/session-work.js';
import { agentPackage } from '../../content/agent-package.js';
import { lineOfBusinessPackage } from '../../content/line-of-business.js';
import { type ServedPackage } from '../../content/served-package.js';

/** MSIs that OMA-DM installs on a device: the management extension when it is needed, and line-of-business apps, in their order. */
export async function managedPackages(work: SessionWork): Promise<readonly ServedPackage[]> {
  const apps = await work.tenantApps();
  return [...(work.progress.sidecar === 'required' ? [agentPackage] : []), ...apps.flatMap((app) => lineOfBusinessPackage(app) ?? [])];
}
