import { firstSync } from '@greenscreen/wire/dm-tree';
import { type DeviceManagement } from '../management/index.js';
import { resetProviders } from './policy-providers.js';

/** *Retry* after a red page: what the page and its providers had come to no longer counts; the server sees it and begins anew (06 D-B25). */
export function tryAgain(management: DeviceManagement): void {
  const { tree, provider } = management;
  if (tree.read(firstSync('WasDeviceSuccessfullyProvisioned', provider)) !== '0') return;
  for (const node of ['IsSyncDone', 'ServerHasFinishedProvisioning', 'WasDeviceSuccessfullyProvisioned'] as const)
    tree.remove(firstSync(node, provider));
  resetProviders(tree);
  management.installations.checkInAgain();
  management.requestSync('the page begins anew');
}
