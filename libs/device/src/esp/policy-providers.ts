import { providerState, segmentsOf, statusTracking, under } from '@greenscreen/wire/dm-tree';
import { type CspTree } from '../csp/index.js';

const ROOT = under(statusTracking(), 'DevicePreparation', 'PolicyProviders');
/** Providers have this long unless one of them asks for more (EnrollmentStatusTracking CSP). */
const TIMEOUT_MINUTES = 15;

export interface PolicyProvider {
  readonly name: string;
  /** See `providerState`. */
  readonly state: number;
  /** HRESULT of one that is in error. */
  readonly error: number;
}

/** Providers that "Preparing…" waits for (reference 04, 5.1 and 5.2). */
export function readProviders(tree: CspTree): PolicyProvider[] {
  return tree.children(ROOT).map((name) => ({
    name: segmentsOf(name)[0] ?? name,
    state: Number(tree.read(`${ROOT}/${name}/InstallationState`)),
    error: Number(tree.read(`${ROOT}/${name}/LastError`) ?? 0) >>> 0,
  }));
}

/** Installed, or not needed. */
export const isSettled = ({ state }: PolicyProvider): boolean => state === providerState.completed || state === providerState.notRequired;

/** Minutes that providers may take: the longest that any asks for. */
export function providerTimeout(tree: CspTree): number {
  const asked = tree.children(ROOT).map((name) => Number(tree.read(`${ROOT}/${name}/Timeout`)));
  return Math.max(...asked.filter((minutes) => minutes > 0), 0) || TIMEOUT_MINUTES;
}

/** A provider in error is waited for again. */
export function resetProviders(tree: CspTree): void {
  for (const name of tree.children(ROOT)) {
    if (Number(tree.read(`${ROOT}/${name}/InstallationState`)) !== providerState.error) continue;
    tree.set(`${ROOT}/${name}/InstallationState`, { format: 'int', data: String(providerState.notInstalled) });
    tree.remove(`${ROOT}/${name}/LastError`);
  }
}
