import { IntuneApp } from '@greenscreen/model/mdm-session';
import { type EspSettings } from '@greenscreen/model/tenancy';
import { appIntent, detectionType, encodeSelectedApps, type SelectedApp } from '@greenscreen/wire/ime';
import { type MdmIdentity } from '../device-identity/index.js';
import { type MdmServices } from '../mdm-services.js';
import { isBlocking } from '../status-page/index.js';
import { installedFile } from './app-content.js';

/** The Win32 apps that every device of the tenant is to have, in their order; `[]` is a good answer too. */
export async function selectedApps({ em }: MdmServices, { tenant: { id, esp } }: MdmIdentity): Promise<string> {
  const apps = await em.find(IntuneApp, { where: { tenantId: id, type: 'win32' }, order: { position: 'ASC' } });
  return encodeSelectedApps(apps.map((app) => selectedApp(app, esp)));
}

function selectedApp(app: IntuneApp, esp: EspSettings): SelectedApp {
  const { folder, name } = installedFile(app);
  return {
    id: app.id,
    name: app.name,
    version: app.version,
    intent: appIntent.required,
    installCommandLine: 'setup.exe /quiet',
    detection: [{ type: detectionType.file, path: folder, fileOrFolderName: name }],
    tracked: isBlocking(esp, app.id),
  };
}
