import { providerState } from '@greenscreen/wire/dm-tree';
import { DeploymentError, hex, NetworkError } from '../context/index.js';
import { type DeviceManagement } from '../management/index.js';
import { sendResults } from './results.js';
import { flag } from './page-settings.js';
import { TIMED_OUT } from './page-errors.js';
import { isSettled, type PolicyProvider, providerTimeout, readProviders } from './policy-providers.js';
import { follow, showCounters } from './setup-progress.js';
import { type PageContext, type StatusPage } from './status-page.js';
import { tryAgain } from './try-again.js';

const LINE = 'DevicePreparation.EspProviderInstallation';
const MINUTE_MS = 60_000;

/**
 * "Preparing your device for mobile management": sessions until every policy provider is installed or not needed and the server has said that
 * it is finished (reference 04, 5.1; 05, T17). Events 287 to 295. Throws DeploymentError: 0x800705b4 when the providers take longer than 15
 * minutes, or a provider's own code; PageTimeoutError when the page's timer runs out. The server is told, if OMA-DM works (06, D-B46).
 */
export async function installProviders(context: PageContext, page: StatusPage, management: DeviceManagement): Promise<void> {
  tryAgain(management);
  page.setSilently('DevicePreparation.InitiateSyncSessions', 'inProgress');
  try {
    await page.run(LINE, () => waitForProviders(context, page, management));
  } catch (error) {
    if (error instanceof DeploymentError || error instanceof NetworkError) await sendResults(management, false);
    throw error;
  }
  page.setSilently('DevicePreparation.InitiateSyncSessions', 'succeeded');
  page.setSilently('DevicePreparation.SetContinueAnywayButtonVisibility', 'succeeded');
}

async function waitForProviders(context: PageContext, page: StatusPage, management: DeviceManagement): Promise<void> {
  const { clock, events } = context;
  const { tree, provider } = management;
  const startedAt = clock.now().getTime();
  const left = (): number => startedAt + providerTimeout(tree) * MINUTE_MS - clock.now().getTime();
  let announced = false;
  const settled = (): boolean => {
    const providers = readProviders(tree);
    if (!announced && providers.length > 0) announce(context, providers);
    announced ||= providers.length > 0;
    const broken = providers.find(({ state }) => state === providerState.error);
    if (broken) throw failed(context, broken);
    return providers.length > 0 && providers.every(isSettled);
  };
  await follow(
    page,
    management,
    () => showCounters(page, management, 'device', 'early'),
    () => {
      if (settled()) return flag(tree, 'ServerHasFinishedProvisioning', provider);
      if (left() <= 0) throw timedOut(context, providerTimeout(tree));
      return false;
    },
    () => (settled() ? Infinity : wholeSeconds(left())),
  );
  for (const { name, state } of readProviders(tree))
    if (state === providerState.completed) events.emit('autopilot', 288, { Provider: name });
}

const wholeSeconds = (milliseconds: number): number => Math.ceil(milliseconds / 1000) * 1000;

/** The list, then what is to become of each provider; 295 when there is nothing to install (06 D-B43). */
function announce({ events }: PageContext, providers: readonly PolicyProvider[]): void {
  const needed = providers.filter(({ state }) => state !== providerState.notRequired);
  events.emit('autopilot', 292);
  for (const { name } of providers.filter((entry) => !needed.includes(entry))) events.emit('autopilot', 291, { Provider: name });
  if (needed.length === 0) events.emit('autopilot', 295);
  else events.emit('autopilot', 293, { Count: needed.length });
  for (const { name } of needed) events.emit('autopilot', 287, { Provider: name });
}

function failed({ events }: PageContext, { name, error }: PolicyProvider): DeploymentError {
  events.emit('autopilot', 290, { Provider: name, HRESULT: hex(error) });
  return new DeploymentError(error, `Policy provider ${name} failed`);
}

function timedOut({ events }: PageContext, minutes: number): DeploymentError {
  events.emit('autopilot', 289, { Minutes: minutes });
  return new DeploymentError(TIMED_OUT, `The policy providers were not installed within ${minutes} minutes`);
}
