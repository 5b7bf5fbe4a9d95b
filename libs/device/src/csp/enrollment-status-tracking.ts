import { canonicalUri, hasProvisioningCompleted, type NodeScope, segmentsOf, statusTracking } from '@greenscreen/wire/dm-tree';
import { statusCode } from '@greenscreen/wire/syncml';
import { type DeviceContext } from '../context/index.js';
import { type ConfigurationServiceProvider } from './provider.js';
import { type CspTree } from './tree.js';

/** Where Windows mirrors EnrollmentStatusTracking; the user's part is below the SID (reference 05, A.6). */
export const trackingKey = (branch: string): string => `HKLM\\SOFTWARE\\Microsoft\\Windows\\Autopilot\\EnrollmentStatusTracking\\${branch}`;

/** `HasProvisioningCompleted` is the page's to write, and false until it has (EnrollmentStatusTracking CSP; reference 04, 5.2). */
export function trackingProvider(tree: CspTree, scope: NodeScope): ConfigurationServiceProvider {
  const root = canonicalUri(hasProvisioningCompleted(scope));
  return {
    root,
    get: () => ({ format: 'bool', data: tree.read(root) ?? 'false' }),
    write: () => statusCode.notAllowed,
    delete: () => statusCode.notAllowed,
  };
}

/** Keeps the registry in step with `./Device|./User/Vendor/MSFT/EnrollmentStatusTracking`: numbers and booleans as DWORD. */
export function trackingMirror(
  { registry }: Pick<DeviceContext, 'registry'>,
  scope: NodeScope,
  branch: string,
): ConfigurationServiceProvider {
  const root = canonicalUri(statusTracking(scope));
  return {
    root,
    changed: (uri, value) => {
      const path = segmentsOf(uri).slice(segmentsOf(root).length);
      const name = path.pop() ?? '';
      const key = [trackingKey(branch), ...path].join('\\');
      if (!value) registry.deleteValue(key, name);
      else if (value.format === 'int') registry.set(key, name, Number(value.data));
      else if (value.format === 'bool') registry.set(key, name, value.data.toLowerCase() === 'true' ? 1 : 0);
      else registry.set(key, name, value.data);
    },
  };
}
