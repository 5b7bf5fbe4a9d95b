import { canonicalUri, dmClientProvider, firstSync, type NodeScope } from '@greenscreen/wire/dm-tree';
import { statusCode } from '@greenscreen/wire/syncml';
import { type DeviceContext } from '../context/index.js';
import { type ConfigurationServiceProvider, type NodeValue } from './provider.js';
import { type CspTree } from './tree.js';

export const enrollmentKey = (enrollmentId: string): string => `HKLM\\SOFTWARE\\Microsoft\\Enrollments\\{${enrollmentId.toUpperCase()}}`;
/** A set flag in the registry mirror (reference 05, A.6). */
const FLAG = 0xffffffff;

const isTrue = (data: string | undefined): boolean => data?.toLowerCase() === 'true';

/**
 * DMClient's `FirstSyncStatus` (DMClient CSP; reference 04, 5.2): ServerHasFinishedProvisioning and IsSyncDone never go back,
 * WasDeviceSuccessfullyProvisioned is frozen once it is 0 or 1. CFGMGR_E_COMMANDNOTALLOWED is 405.
 */
export function firstSyncProvider(tree: CspTree, provider: string, scope: NodeScope): ConfigurationServiceProvider {
  const node = (name: Parameters<typeof firstSync>[0]): string => canonicalUri(firstSync(name, provider, scope));
  const finished = node('ServerHasFinishedProvisioning');
  const done = node('IsSyncDone');
  const success = node('WasDeviceSuccessfullyProvisioned');
  return {
    root: canonicalUri(`${dmClientProvider(provider, scope)}/FirstSyncStatus`),
    get: (uri) => {
      if (uri === finished || uri === done) return { format: 'bool', data: isTrue(tree.read(uri)) ? 'true' : 'false' };
      if (uri === success) return { format: 'int', data: tree.read(uri) ?? '2' };
      return undefined;
    },
    write: (uri, value) => {
      if (uri === finished && isTrue(tree.read(uri)) && !isTrue(value.data)) return statusCode.notAllowed;
      if (uri === done && isTrue(tree.read(uri))) return statusCode.notAllowed;
      if (uri === success && ['0', '1'].includes(tree.read(uri) ?? '')) return statusCode.notAllowed;
      return undefined;
    },
  };
}

/** Names of the registry mirror below `Enrollments\{GUID}\FirstSync`; the timeout has another one there (06 D-B40). */
const mirrored: Readonly<Record<string, { name: string; flag: boolean }>> = {
  TimeOutUntilSyncFailure: { name: 'SyncFailureTimeout', flag: false },
  BlockInStatusPage: { name: 'BlockInStatusPage', flag: false },
  SkipDeviceStatusPage: { name: 'SkipDeviceStatusPage', flag: true },
  SkipUserStatusPage: { name: 'SkipUserStatusPage', flag: true },
  AllowCollectLogsButton: { name: 'AllowCollectLogsButton', flag: true },
  IsSyncDone: { name: 'IsSyncDone', flag: true },
  ServerHasFinishedProvisioning: { name: 'IsServerProvisioningDone', flag: true },
};

/** Keeps `HKLM\SOFTWARE\Microsoft\Enrollments\{GUID}\FirstSync` in step with the tree (reference 05, A.6). */
export function firstSyncMirror(
  context: Pick<DeviceContext, 'registry'>,
  provider: string,
  enrollmentId: string,
): ConfigurationServiceProvider {
  const key = `${enrollmentKey(enrollmentId)}\\FirstSync`;
  return {
    root: canonicalUri(`${dmClientProvider(provider)}/FirstSyncStatus`),
    changed: (uri, value) => {
      const entry = mirrored[uri.split('/').at(-1) ?? ''];
      if (!entry) return;
      if (value) context.registry.set(key, entry.name, entry.flag ? (isTrue(value.data) ? FLAG : 0) : Number(value.data));
      else context.registry.deleteValue(key, entry.name);
    },
  };
}

/** Identity nodes of the provider that the device knows by itself. */
export function dmClientIdentity(
  provider: string,
  values: Readonly<Record<string, () => string | undefined>>,
): ConfigurationServiceProvider {
  const root = canonicalUri('./Device/Vendor/MSFT/DMClient');
  const own = canonicalUri(dmClientProvider(provider));
  return {
    root,
    get: (uri): NodeValue | undefined => {
      const name = uri.startsWith(`${own}/`) ? uri.slice(own.length + 1) : uri.slice(root.length + 1);
      const data = values[name]?.();
      return data === undefined ? undefined : { format: 'chr', data };
    },
  };
}
