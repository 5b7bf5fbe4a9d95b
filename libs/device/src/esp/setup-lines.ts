import {
  canonicalUri,
  decodeExpectedList,
  dmClientProvider,
  firstSync,
  type FirstSyncNode,
  msiStatus,
  type NodeScope,
  segmentsOf,
  SIDECAR,
  statusTracking,
  trackedApp,
  trackedAppState,
  trackingPoliciesCreated,
  under,
} from '@greenscreen/wire/dm-tree';
import { type CspTree } from '../csp/index.js';
import { type EspState, hex } from '../context/index.js';

/** A line as it stands: what to show, and whether the page waits for it. */
export interface LineReading {
  readonly state: Extract<EspState, 'inProgress' | 'succeeded' | 'failed'>;
  readonly text: string;
}

/** What the four lines of a setup category say: current over expected, as the page reads them from the tree (reference 05, T19). */
export interface SetupReading {
  readonly SecurityPolicies: LineReading;
  readonly Certificates: LineReading;
  readonly NetworkConnections: LineReading;
  readonly Apps: LineReading;
}

export function readSetup(tree: CspTree, provider: string, scope: NodeScope): SetupReading {
  const expected = (...nodes: readonly FirstSyncNode[]): string[] =>
    nodes.flatMap((node) => decodeExpectedList(tree.read(firstSync(node, provider, scope)) ?? '').map(({ uri }) => uri));
  const existing = (uris: readonly string[]): number => uris.filter((uri) => tree.get(uri).code === 200).length;
  const counted = (uris: readonly string[], verb: string): LineReading => line(existing(uris), uris.length, verb);
  return {
    SecurityPolicies: counted(expected('ExpectedPolicies'), 'applied'),
    Certificates: counted(expected('ExpectedSCEPCerts', 'ExpectedPFXCerts'), 'applied'),
    NetworkConnections: counted(expected('ExpectedNetworkProfiles'), 'added'),
    Apps: readApps(tree, provider, scope, expected('ExpectedMSIAppPackages', 'ExpectedModernAppPackages')),
  };
}

const line = (current: number, expected: number, verb: string): LineReading =>
  expected === 0
    ? { state: 'succeeded', text: 'No setup needed' }
    : { state: current >= expected ? 'succeeded' : 'inProgress', text: `${current} of ${expected} ${verb}` };

const IDENTIFYING: LineReading = { state: 'inProgress', text: 'Identifying' };

/** MSIs by their status, Win32 apps by what the agent says of them; nothing counts before a provider named Sidecar has made its policies. */
function readApps(tree: CspTree, provider: string, scope: NodeScope, packages: readonly string[]): LineReading {
  if (!sidecarIsReady(tree, scope)) return IDENTIFYING;
  const states = [...packages.map((uri) => packageState(tree, uri)), ...trackedStates(tree, scope)];
  const broken = states.find(({ state }) => state === 'failed');
  if (broken) return { state: 'failed', text: `(${hex(broken.error)})` };
  return line(states.filter(({ state }) => state === 'done').length, states.length, 'installed');
}

interface AppState {
  readonly state: 'waiting' | 'done' | 'failed';
  readonly error: number;
}

const sidecarIsReady = (tree: CspTree, scope: NodeScope): boolean =>
  tree.read(trackingPoliciesCreated(SIDECAR, scope))?.toLowerCase() === 'true';

function packageState(tree: CspTree, uri: string): AppState {
  const status = Number(tree.read(uri));
  const failed = status === msiStatus.failed || status === msiStatus.downloadFailed;
  const error = Number(tree.read(canonicalUri(uri).replace(/\/Status$/, '/LastError')) ?? 0) >>> 0;
  return { state: failed ? 'failed' : status === msiStatus.completed ? 'done' : 'waiting', error };
}

function trackedStates(tree: CspTree, scope: NodeScope): AppState[] {
  return tree.children(trackedApp(SIDECAR, scope)).map((name) => {
    const node = (leaf: string): string | undefined => tree.read(`${trackedApp(SIDECAR, scope)}/${name}/${leaf}`);
    const state = Number(node('InstallationState'));
    const error = Number(node('LastError') ?? 0) >>> 0;
    if (state === trackedAppState.error) return { state: 'failed', error };
    return { state: state === trackedAppState.completed ? 'done' : 'waiting', error };
  });
}

/** Providers of "Preparing": each is not needed or there; 4 is an error with its own code (reference 04, 5.1 and 5.2). */
export function readProviders(tree: CspTree): { readonly name: string; readonly state: number; readonly error: number }[] {
  const root = under(statusTracking(), 'DevicePreparation', 'PolicyProviders');
  return tree.children(root).map((name) => ({
    name: segmentsOf(name)[0] ?? name,
    state: Number(tree.read(`${root}/${name}/InstallationState`)),
    error: Number(tree.read(`${root}/${name}/LastError`) ?? 0) >>> 0,
  }));
}

/** Minutes that a provider may take: the longest that any asks for (reference 04, 5.2). */
export function providerTimeout(tree: CspTree, otherwise: number): number {
  const root = under(statusTracking(), 'DevicePreparation', 'PolicyProviders');
  const minutes = tree.children(root).map((name) => Number(tree.read(`${root}/${name}/Timeout`)));
  return Math.max(otherwise, ...minutes.filter((value) => Number.isFinite(value)));
}

/** `ServerHasFinishedProvisioning` and the like. */
export const flag = (tree: CspTree, node: FirstSyncNode, provider: string, scope: NodeScope = 'device'): boolean =>
  tree.read(firstSync(node, provider, scope))?.toLowerCase() === 'true';

/** Identity node of the provider, which every page waits for. */
export const entDmId = (tree: CspTree, provider: string): string | undefined => tree.read(under(dmClientProvider(provider), 'EntDMID'));
