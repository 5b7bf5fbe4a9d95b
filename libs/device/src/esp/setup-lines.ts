import { decodeExpectedList, type ExpectedEntry, firstSync, type FirstSyncNode, type NodeScope } from '@greenscreen/wire/dm-tree';
import { type CspTree, scepStatus } from '../csp/index.js';
import { type EspState, hex } from '../context/index.js';
import { readAppStates } from './app-states.js';
import { flag } from './page-settings.js';

/** How far one thing is that the page waits for. */
export interface ItemState {
  readonly state: 'waiting' | 'done' | 'failed';
  /** HRESULT of what has failed. */
  readonly error: number;
}

/** A line as it stands. */
export interface LineReading {
  readonly state: Extract<EspState, 'inProgress' | 'succeeded' | 'failed'>;
  readonly text: string;
  /** HRESULT of a line that has failed. */
  readonly error: number;
  /** How many things are counted; 0 when there are none, or nobody knows yet. */
  readonly total: number;
}

export const setupLines = ['SecurityPolicies', 'Certificates', 'NetworkConnections', 'Apps'] as const;
/** What the four lines of a setup category say: current over expected, as the page reads them from the tree (reference 05, T19). */
export type SetupReading = Readonly<Record<(typeof setupLines)[number], LineReading>>;

export function readSetup(tree: CspTree, provider: string, scope: NodeScope): SetupReading {
  const finished = flag(tree, 'ServerHasFinishedProvisioning', provider, scope);
  /** Undefined while the server may still say what it expects. */
  const expected = (...nodes: readonly FirstSyncNode[]): ExpectedEntry[] | undefined => {
    const lists = nodes.flatMap((node) => tree.read(firstSync(node, provider, scope)) ?? []);
    return lists.length > 0 || finished ? lists.flatMap(decodeExpectedList) : undefined;
  };
  const policies = expected('ExpectedPolicies');
  return {
    // A list without an entry never ends: that is why servers name a node that is there (reference 04, 5.2).
    SecurityPolicies: policies?.length ? counted(policies.map(existence(tree)), 'applied') : identifying,
    Certificates: counted(
      expected('ExpectedSCEPCerts', 'ExpectedPFXCerts')?.map(({ uri }) => certificateState(tree, uri)),
      'applied',
    ),
    NetworkConnections: counted(expected('ExpectedNetworkProfiles')?.map(existence(tree)), 'added'),
    Apps: counted(
      readAppStates(tree, scope, { packages: expected('ExpectedMSIAppPackages', 'ExpectedModernAppPackages') ?? [], finished }),
      'installed',
    ),
  };
}

const identifying: LineReading = { state: 'inProgress', text: 'Identifying', error: 0, total: 0 };
/** ERROR_INSTALL_ALREADY_RUNNING has words of its own (reference 05, 84). */
const ALREADY_RUNNING = 0x80070652;

/** One thing that failed stops the line. */
function counted(items: readonly ItemState[] | undefined, verb: string): LineReading {
  if (!items) return identifying;
  const broken = items.find(({ state }) => state === 'failed');
  const total = items.length;
  if (broken) return { state: 'failed', text: failureText(broken.error), error: broken.error, total };
  if (total === 0) return { state: 'succeeded', text: 'No setup needed', error: 0, total };
  const done = items.filter(({ state }) => state === 'done').length;
  return { state: done === total ? 'succeeded' : 'inProgress', text: `${done} of ${total} ${verb}`, error: 0, total };
}

function failureText(error: number): string {
  if (error === ALREADY_RUNNING) return 'Another installation is in progress';
  return error === 0 ? 'Failed' : `(${hex(error)})`;
}

const existence =
  (tree: CspTree) =>
  ({ uri }: ExpectedEntry): ItemState => ({ state: tree.get(uri).code === 200 ? 'done' : 'waiting', error: 0 });

/** A SCEP request by its status; a PFX by its own, which is the code of its import (ClientCertificateInstall CSP). */
function certificateState(tree: CspTree, uri: string): ItemState {
  const status = tree.read(`${uri}/Status`);
  if (status === undefined) return { state: 'waiting', error: 0 };
  if (/\/PFXCertInstall\//i.test(uri)) return { state: status === '0' ? 'done' : 'failed', error: Number(status) >>> 0 };
  const error = Number(tree.read(`${uri}/ErrorCode`) ?? 0) >>> 0;
  if (Number(status) === scepStatus.failed) return { state: 'failed', error };
  return { state: Number(status) === scepStatus.finished ? 'done' : 'waiting', error };
}
