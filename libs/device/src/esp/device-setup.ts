import { DeploymentError, NetworkError } from '../context/index.js';
import { type DeviceManagement } from '../management/index.js';
import { flag } from './page-settings.js';
import { coalesceRestarts } from './restart.js';
import { sendResults } from './results.js';
import { follow, showCounters, showSetup } from './setup-progress.js';
import { type PageContext, type StatusPage } from './status-page.js';

export interface SetupOutcome {
  /** Windows has restarted on the way: a sign-in that was remembered for later is lost (reference 05, 98). */
  readonly restarted: boolean;
}

/**
 * "Device setup": four lines side by side until each has what is expected, then restart, result and marker (reference 05, T19 and T20). Events
 * 296 to 299 come from the agent. Throws DeploymentError with the page's code when a line fails, PageTimeoutError when the page's timer runs
 * out. The server is told of a failure too, if OMA-DM works (06, D-B46).
 */
export async function setUpDevice(context: PageContext, page: StatusPage, management: DeviceManagement): Promise<SetupOutcome> {
  const { tree, provider } = management;
  const hidden = flag(tree, 'SkipDeviceStatusPage', provider);
  if (hidden) context.timeline.note({ kind: 'local', what: 'Device setup is not shown (SkipDeviceStatusPage)' });
  else await followDeviceSetup(page, management);
  const restarted = await coalesceRestarts(context, page, management);
  page.setSilently('DeviceSetup.SendResultsToMdmServer', 'inProgress');
  await sendResults(management, true);
  page.setSilently('DeviceSetup.SendResultsToMdmServer', 'succeeded');
  page.setSilently('DeviceSetup.SaveWhiteGloveSuccessResult', 'succeeded');
  return { restarted };
}

/** A server that sets IsSyncDone ends the page, whatever the lines say (reference 04, 5.2). */
async function followDeviceSetup(page: StatusPage, management: DeviceManagement): Promise<void> {
  const { tree, provider, installations } = management;
  const count = (): void => showCounters(page, management, 'device', 'now');
  try {
    await follow(page, management, count, () => {
      installations.allowApps();
      return flag(tree, 'IsSyncDone', provider) || showSetup(page, management, 'device');
    });
  } catch (error) {
    if (error instanceof DeploymentError || error instanceof NetworkError) await sendResults(management, false);
    throw error;
  }
}
