import { firstSync, hasProvisioningCompleted, SIDECAR, trackedApp, trackingPoliciesCreated } from '@greenscreen/wire/dm-tree';
import { type DeviceContext } from '../context/index.js';
import { type DeviceManagement } from '../management/index.js';

const SETTINGS_KEY = 'HKLM\\SOFTWARE\\Microsoft\\Provisioning\\AutopilotSettings';
const MARKERS = ['AutopilotWhiteGloveStartTime', 'AutopilotWhiteGloveSuccess', 'AutopilotWhiteGloveEndTime'];

/**
 * `prepareForReseal`: the page's outcome and the agent's tracking policies go, so that device setup is shown again to the user; then Windows shuts
 * down (reference 05, T22). Enrollment, certificates and apps stay.
 */
export function prepareForReseal({ registry }: Pick<DeviceContext, 'registry'>, management: DeviceManagement): void {
  const { tree, provider } = management;
  for (const name of MARKERS) registry.deleteValue(SETTINGS_KEY, name);
  for (const node of ['IsSyncDone', 'ServerHasFinishedProvisioning', 'WasDeviceSuccessfullyProvisioned'] as const)
    tree.remove(firstSync(node, provider));
  tree.remove(hasProvisioningCompleted());
  tree.remove(trackedApp(SIDECAR));
  tree.remove(trackingPoliciesCreated(SIDECAR));
  management.shutDown();
}
