import { type IntuneApp, type NewDmCommand, dmBatch } from '@greenscreen/model/mdm-session';
import { appInstallation, msiNode, msiStatus } from '@greenscreen/wire/dm-tree';
import { encodeHostedInstall } from '@greenscreen/wire/modern-app';
import { encodeMsiInstallJob } from '@greenscreen/wire/msi-job';
import { lineOfBusinessPackage } from '../../content/line-of-business.js';
import { installJob, type ServedPackage } from '../../content/served-package.js';
import { familyName, storeAppUrl } from '../../content/store-app.js';
import { type SessionWork } from '../session/session-work.js';

/** Add, then Exec of each packaged app (EnterpriseModernAppManagement CSP). */
export const storeApps = ({ progress }: SessionWork, apps: readonly IntuneApp[]): NewDmCommand[] =>
  apps
    .filter(({ type }) => type === 'store')
    .flatMap((app): NewDmCommand[] => {
      const uri = appInstallation(familyName(app), 'HostedInstall');
      const common = { uri, pass: progress.devicePasses, purpose: 'policy', batch: dmBatch.policies } as const;
      const data = encodeHostedInstall({ packageUri: storeAppUrl(app) });
      return [
        { ...common, verb: 'Add' },
        { ...common, verb: 'Exec', format: 'xml', data },
      ];
    });

/** The MSIs among apps, in their order. */
export const packagesOf = (apps: readonly IntuneApp[]): ServedPackage[] => apps.flatMap((app) => lineOfBusinessPackage(app) ?? []);

/** Add, then Exec of each MSI that is not known to be there (reference 04, 4.5). The page asks for their status by their product codes. */
export async function installations({ nodes, progress }: SessionWork, packages: readonly ServedPackage[]): Promise<NewDmCommand[]> {
  const commands: NewDmCommand[] = [];
  for (const served of packages) {
    if (!progress.packages.includes(served.productCode)) progress.packages = [...progress.packages, served.productCode];
    if (Number(await nodes.value(msiNode(served.productCode, 'Status'))) === msiStatus.completed) continue;
    const uri = msiNode(served.productCode, 'DownloadInstall');
    const common = { uri, pass: progress.devicePasses, purpose: 'agent', batch: dmBatch.policies } as const;
    commands.push({ ...common, verb: 'Add' }, { ...common, verb: 'Exec', format: 'xml', data: encodeMsiInstallJob(installJob(served)) });
  }
  return commands;
}
