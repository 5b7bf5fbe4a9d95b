import { IntuneApp, whatApplies } from '@greenscreen/model/mdm-session';
import { appIntent, detectionType, encodeSelectedApps, type SelectedApp } from '@greenscreen/wire/ime';
import { z } from 'zod';
import { type MdmIdentity } from '../device-identity/index.js';
import { type MdmServices } from '../mdm-services.js';
import { isBlocking } from '../status-page/index.js';
import { installedFile } from './app-content.js';
import { subjectOf } from './subject.js';

/** The Win32 apps that are required on the device and by whoever is signed in there, in their order; `[]` is a good answer too. */
export async function selectedApps({ em }: MdmServices, { enrollment, tenant: { id: tenantId, esp } }: MdmIdentity): Promise<string> {
  const assigned = await whatApplies(em, await subjectOf(em, enrollment));
  const apps = await em.find(IntuneApp, { where: { tenantId, type: 'win32' }, order: { position: 'ASC' } });
  return encodeSelectedApps(
    apps.flatMap((app) => {
      const found = assigned.find(({ kind, id, intent }) => kind === 'app' && id === app.id && intent === 'required');
      return found ? [selectedApp(app, found.via === 'device' && isBlocking(esp, app.id))] : [];
    }),
  );
}

/** An administrator's own words; the lab's content takes any. */
const commandLine = z.object({ installCommandLine: z.string().min(1) });

function selectedApp(app: IntuneApp, tracked: boolean): SelectedApp {
  const { folder, name } = installedFile(app);
  return {
    id: app.id,
    name: app.name,
    version: app.version,
    intent: appIntent.required,
    installCommandLine: commandLine.safeParse(app.metadata).data?.installCommandLine ?? 'setup.exe /quiet',
    detection: [{ type: detectionType.file, path: folder, fileOrFolderName: name }],
    tracked,
  };
}
