import { SIDECAR, trackedApp, trackedAppReboot } from '@greenscreen/wire/dm-tree';
import { type DeviceManagement } from '../management/index.js';
import { type PageContext, type StatusPage } from './status-page.js';

/** From shutting down to the page again [our choice]. */
const RESTART_MS = 60_000;

/**
 * `RebootCoalescing`: one restart for everything that demanded one, settings and installers; the page resumes after it (reference 05, T20 and
 * 89). True when Windows has restarted: whoever had typed a password has to do it again.
 */
export async function coalesceRestarts(context: PageContext, page: StatusPage, management: DeviceManagement): Promise<boolean> {
  const { tree, restarts } = management;
  const apps = appsThatWait(management);
  const reasons = [...restarts.waiting, ...apps];
  if (reasons.length === 0) {
    page.setSilently('DeviceSetup.RebootCoalescing', 'succeeded');
    return false;
  }
  page.setSilently('DeviceSetup.RebootCoalescing', 'rebootRequiredAndTryAgain');
  context.timeline.note({ kind: 'local', what: `Windows restarts for ${reasons.join(', ')}` });
  management.shutDown();
  await context.clock.wait(RESTART_MS, 'Windows restarts');
  restarts.restarted();
  for (const uri of apps) tree.set(uri, { format: 'int', data: String(trackedAppReboot.none) });
  context.events.emit('shellcore', 62407, { name: 'CommercialOOBE_ESPProgress_ResumingAfterReboot' });
  page.setSilently('DeviceSetup.RebootCoalescing', 'succeeded');
  return true;
}

const appsThatWait = ({ tree }: DeviceManagement): string[] =>
  tree
    .children(trackedApp(SIDECAR))
    .map((name) => `${trackedApp(SIDECAR)}/${name}/RebootRequired`)
    .filter((uri) => Number(tree.read(uri) ?? trackedAppReboot.none) !== trackedAppReboot.none);
