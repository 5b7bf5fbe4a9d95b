import { firstSync, hasProvisioningCompleted } from '@greenscreen/wire/dm-tree';
import { type DeviceManagement } from '../management/index.js';

/**
 * `SendResultsToMdmServer`: the state that the server asks for, and one more session in which it does (reference 05, T20; 06, D-B46). A failure
 * is told by `WasDeviceSuccessfullyProvisioned` 0 alone.
 */
export async function sendResults(management: DeviceManagement, success: boolean): Promise<void> {
  const { tree, provider } = management;
  if (success) {
    tree.set(firstSync('IsSyncDone', provider), { format: 'bool', data: 'true' });
    tree.set(hasProvisioningCompleted(), { format: 'bool', data: 'true' });
  }
  tree.set(firstSync('WasDeviceSuccessfullyProvisioned', provider), { format: 'int', data: success ? '1' : '0' });
  await management.sync(success ? 'device setup is done' : 'provisioning has failed');
}
