import { type NodeScope } from '@greenscreen/wire/dm-tree';
import { DeploymentError } from '../context/index.js';
import { type DeviceManagement } from '../management/index.js';
import { APPS_FAILED } from './page-errors.js';
import { customErrorText, flag, syncFailureTimeout } from './page-settings.js';
import { readSetup, setupLines, type SetupReading } from './setup-lines.js';
import { type StatusPage } from './status-page.js';

const categories = { device: 'DeviceSetup', user: 'AccountSetup' } as const;
const hiding = { device: 'SkipDeviceStatusPage', user: 'SkipUserStatusPage' } as const;
/** E_FAIL, for a line that failed without a code. */
const UNSPECIFIED = 0x80004005;

/** Shows the lines of a setup category as they stand; true when all are done. Throws DeploymentError when one has failed. */
export function showSetup(page: StatusPage, { tree, provider }: DeviceManagement, scope: NodeScope): boolean {
  const reading = readSetup(tree, provider, scope);
  for (const name of setupLines) page.set(`${categories[scope]}.${name}`, reading[name].state, reading[name].text);
  const broken = setupLines.find((name) => reading[name].state === 'failed');
  if (broken) throw failureOf(broken, reading[broken], customErrorText(tree, provider));
  return setupLines.every((name) => reading[name].state === 'succeeded') && flag(tree, 'ServerHasFinishedProvisioning', provider, scope);
}

/** Lines that move with each command and certificate; apps take so long that the page looks for them between two waits. */
const swift = ['SecurityPolicies', 'Certificates', 'NetworkConnections'] as const;

/**
 * Shows how far the swift counters of a setup category are while the tree changes, from the moment the expected things are known. Before its
 * turn no line of a category is done, and at no time does a counter say that one has failed.
 */
export function showCounters(page: StatusPage, { tree, provider }: DeviceManagement, scope: NodeScope, turn: 'early' | 'now'): void {
  if (flag(tree, hiding[scope], provider)) return;
  const reading = readSetup(tree, provider, scope);
  for (const name of swift) {
    const { state, text, total } = reading[name];
    if (total > 0 && state !== 'failed') page.set(`${categories[scope]}.${name}`, turn === 'now' ? state : 'inProgress', text);
  }
}

/** A failed app is in its line with its own code, and in the page's result with one for all (reference 05, 82). */
function failureOf(
  name: keyof SetupReading,
  { text, error }: SetupReading[keyof SetupReading],
  custom: string | undefined,
): DeploymentError {
  return new DeploymentError(name === 'Apps' ? APPS_FAILED : error || UNSPECIFIED, custom ?? `${name}: ${text}`);
}

/** Takes over what the server has meanwhile said of the page. */
export function takeSettings(page: StatusPage, { tree, provider }: DeviceManagement): void {
  const minutes = syncFailureTimeout(tree, provider);
  if (minutes !== undefined) page.setTimeout(minutes);
}

/**
 * Holds sessions when they are due and looks again whenever something has changed, until there is nothing more to wait for; `count` is
 * told of every change at once. Throws PageTimeoutError when the page's timer runs out, whatever else goes on.
 */
export function follow(
  page: StatusPage,
  management: DeviceManagement,
  count: () => void,
  look: () => boolean,
  patience = (): number => Infinity,
): Promise<void> {
  const { background, installations } = management;
  count();
  return management.watched(count, () =>
    background.inFront(async () => {
      for (;;) {
        installations.startServices();
        const { due } = management;
        if (due !== undefined) await management.sync(due);
        takeSettings(page, management);
        const seen = management.changes;
        if (look()) return;
        page.checkTimer();
        if (management.due !== undefined) continue;
        await background.pause(
          Math.min(management.untilSync, page.remaining, patience()),
          'the Enrollment Status Page waits',
          () => management.changes !== seen || management.due !== undefined,
        );
      }
    }),
  );
}
