import {
  canonicalUri,
  type ExpectedEntry,
  msiStatus,
  type NodeScope,
  SIDECAR,
  statusTracking,
  trackedApp,
  trackedAppState,
  trackingPoliciesCreated,
  under,
} from '@greenscreen/wire/dm-tree';
import { type CspTree } from '../csp/index.js';
import { type ItemState } from './setup-lines.js';

interface ExpectedApps {
  /** Of `ExpectedMSIAppPackages` and `ExpectedModernAppPackages`. */
  readonly packages: readonly ExpectedEntry[];
  /** Whether the server has said that nothing more comes. */
  readonly finished: boolean;
}

/**
 * MSIs and Store apps by their own status, Win32 apps by what the agent says of them. Undefined, "Identifying", until a provider named Sidecar
 * has made its policies: no other name counts, and there is no timer on it (reference 04, 5.2; 06 D-B48).
 */
export function readAppStates(tree: CspTree, scope: NodeScope, { packages, finished }: ExpectedApps): ItemState[] | undefined {
  const registered = tree.children(under(statusTracking(scope), 'Setup', 'Apps', 'PolicyProviders'));
  const ready = tree.read(trackingPoliciesCreated(SIDECAR, scope))?.toLowerCase() === 'true';
  // A server that has no such providers at all is not waited for.
  if (!ready && !(finished && registered.length === 0)) return undefined;
  return [...packages.map((entry) => packageState(tree, entry)), ...trackedStates(tree, scope)];
}

const waiting: ItemState = { state: 'waiting', error: 0 };
const done: ItemState = { state: 'done', error: 0 };

function packageState(tree: CspTree, { uri, count }: ExpectedEntry): ItemState {
  const status = tree.read(uri);
  if (/\/MSI\/[^/]+\/Status$/i.test(uri)) return msiState(Number(status), errorBeside(tree, uri));
  // A Store app is there when its family has as many packages as are expected (EnterpriseModernAppManagement CSP).
  const there = status !== undefined ? 1 : tree.children(uri).length;
  const installation = canonicalUri(uri).replace('/AppManagement/AppStore/', '/AppInstallation/');
  const error = Number(tree.read(`${installation}/LastError`) ?? 0) >>> 0;
  if (error !== 0) return { state: 'failed', error };
  return there >= (count ?? 1) ? done : waiting;
}

function msiState(status: number, error: number): ItemState {
  if (status === msiStatus.completed) return done;
  return status === msiStatus.failed || status === msiStatus.downloadFailed ? { state: 'failed', error } : waiting;
}

const errorBeside = (tree: CspTree, uri: string): number =>
  Number(tree.read(canonicalUri(uri).replace(/\/Status$/, '/LastError')) ?? 0) >>> 0;

function trackedStates(tree: CspTree, scope: NodeScope): ItemState[] {
  const root = trackedApp(SIDECAR, scope);
  return tree.children(root).map((name) => {
    const state = Number(tree.read(`${root}/${name}/InstallationState`));
    if (state === trackedAppState.error) return { state: 'failed', error: Number(tree.read(`${root}/${name}/LastError`) ?? 0) >>> 0 };
    return state === trackedAppState.completed ? done : waiting;
  });
}
