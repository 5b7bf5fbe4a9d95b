import { firstSync, hasProvisioningCompleted } from '@greenscreen/wire/dm-tree';
import { DeploymentError, type DeviceContext, NetworkError } from '../context/index.js';
import { type DeviceManagement } from '../management/index.js';
import { readSetup } from './setup-lines.js';
import { finishLines, showLines } from './setup-progress.js';
import { type PageContext, type StatusPage } from './status-page.js';

const POLL_MS = 180_000;

/**
 * "Device setup": four lines side by side until each has what is expected; then the result goes to the server (reference 05, T19 and T20).
 * Events 292 to 299. Throws DeploymentError with the code of the line that failed, PageTimeoutError when the page's timer runs out. The
 * server is told of a failure too, if OMA-DM works (06, D-B46).
 */
export async function setUpDevice(
  context: PageContext & Pick<DeviceContext, 'files'>,
  page: StatusPage,
  management: DeviceManagement,
): Promise<void> {
  const { tree, provider } = management;
  try {
    showLines(page, 'DeviceSetup', readSetup(tree, provider, 'device'));
    await createTrackingPolicies(context, management);
    await management.agent?.installApps(() => showLines(page, 'DeviceSetup', readSetup(tree, provider, 'device')));
    while (!finishLines(page, 'DeviceSetup', readSetup(tree, provider, 'device'))) {
      page.checkTimer();
      const known = tree.size;
      await management.sync('device setup');
      const installed = await management.runQueuedJobs();
      if (!installed && tree.size === known) await context.clock.wait(POLL_MS, 'the next OMA-DM session is due');
    }
  } catch (error) {
    if (error instanceof DeploymentError || error instanceof NetworkError) await reportResult(context, management, false);
    throw error;
  }
  await reportResult(context, management, true);
}

/** Events 292 to 295: the list of what the page follows. */
async function createTrackingPolicies({ events, timeline }: PageContext, { agent }: DeviceManagement): Promise<void> {
  if (!agent) {
    events.emit('autopilot', 295);
    return;
  }
  events.emit('autopilot', 292, { Provider: 'Sidecar' });
  try {
    const count = await agent.createTrackingPolicies();
    events.emit('autopilot', count === 0 ? 295 : 293, { Count: count });
  } catch (error) {
    if (!(error instanceof DeploymentError) && !(error instanceof NetworkError)) throw error;
    events.emit('autopilot', 294, { Message: error.message });
    timeline.note({ kind: 'local', what: `The management extension has no list of apps: ${error.message}` });
  }
}

/** `DeviceSetup.SendResultsToMdmServer`, and one more session that carries it (06, D-B46). */
async function reportResult({ timeline }: PageContext, management: DeviceManagement, success: boolean): Promise<void> {
  const { tree, provider } = management;
  timeline.note({ kind: 'local', what: 'No restart is due; the result goes to the MDM server' });
  tree.set(firstSync('IsSyncDone', provider), { format: 'bool', data: 'true' });
  tree.set(firstSync('WasDeviceSuccessfullyProvisioned', provider), { format: 'int', data: success ? '1' : '0' });
  tree.set(hasProvisioningCompleted(), { format: 'bool', data: String(success) });
  await management.sync(success ? 'device setup is done' : 'device setup has failed');
}
