import { firstSync, providerState } from '@greenscreen/wire/dm-tree';
import { DeploymentError, hex, NetworkError } from '../context/index.js';
import { type DeviceManagement } from '../management/index.js';
import { flag, providerTimeout, readProviders } from './setup-lines.js';
import { type PageContext, type StatusPage, TIMED_OUT } from './status-page.js';

const LINE = 'DevicePreparation.EspProviderInstallation';
const MINUTE_MS = 60_000;
/** Providers have this long unless one of them asks for more (EnrollmentStatusTracking CSP). */
const TIMEOUT_MINUTES = 15;
/** First interval of the poll schedule (06, D-B51). */
const POLL_MS = 3 * MINUTE_MS;

/**
 * "Preparing your device for mobile management": sessions until every policy provider is installed or not needed and the server has said that
 * it is finished (reference 04, 5.1; 05, T17). Events 287 to 291. Throws DeploymentError: 0x800705b4 after 15 minutes, or a provider's own code.
 */
export async function installProviders(context: PageContext, page: StatusPage, management: DeviceManagement): Promise<void> {
  const { clock, events } = context;
  await page.run(LINE, async () => {
    const startedAt = clock.now().getTime();
    let announced = false;
    for (;;) {
      const synced = await management.sync('policy providers');
      takeTimeout(page, management);
      const providers = readProviders(management.tree);
      if (!announced && providers.length > 0) {
        announced = true;
        for (const { name, state } of providers)
          events.emit('autopilot', state === providerState.notRequired ? 291 : 287, { Provider: name });
      }
      const installed = await management.runQueuedJobs();
      await startAgent(context, management);
      const done = checkProviders(context, management);
      if (done && flag(management.tree, 'ServerHasFinishedProvisioning', management.provider)) break;
      if (clock.now().getTime() - startedAt >= providerTimeout(management.tree, TIMEOUT_MINUTES) * MINUTE_MS)
        throw timedOut(context, management);
      page.checkTimer();
      if (!synced || (!installed && !done)) await clock.wait(POLL_MS, 'the next OMA-DM session is due');
    }
    for (const { name, state } of readProviders(management.tree))
      if (state === providerState.completed) events.emit('autopilot', 288, { Provider: name });
  });
}

function takeTimeout(page: StatusPage, { tree, provider }: DeviceManagement): void {
  const minutes = Number(tree.read(firstSync('TimeOutUntilSyncFailure', provider)));
  if (minutes > 0) page.setTimeout(minutes);
}

/** A fresh agent comes up; that it cannot reach anybody is its own trouble until it times out. */
async function startAgent({ timeline }: PageContext, { agent, tree }: DeviceManagement): Promise<void> {
  const waiting = readProviders(tree).some(({ state }) => state === providerState.notInstalled);
  if (!agent || !waiting) return;
  try {
    await agent.start();
  } catch (error) {
    if (!(error instanceof DeploymentError) && !(error instanceof NetworkError)) throw error;
    timeline.note({ kind: 'local', what: `The management extension did not come up: ${error.message}` });
  }
}

function checkProviders({ events }: PageContext, { tree }: DeviceManagement): boolean {
  const providers = readProviders(tree);
  const broken = providers.find(({ state }) => state === providerState.error);
  if (broken) {
    events.emit('autopilot', 290, { Provider: broken.name, HRESULT: hex(broken.error) });
    throw new DeploymentError(broken.error, `Policy provider ${broken.name} failed`);
  }
  return providers.length > 0 && providers.every(({ state }) => state === providerState.completed || state === providerState.notRequired);
}

function timedOut({ events }: PageContext, { tree }: DeviceManagement): DeploymentError {
  const minutes = providerTimeout(tree, TIMEOUT_MINUTES);
  events.emit('autopilot', 289, { Minutes: minutes });
  return new DeploymentError(TIMED_OUT, `The policy providers were not installed within ${minutes} minutes`);
}
