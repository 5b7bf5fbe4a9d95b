import { firstSync, type FirstSyncNode, type NodeScope, statusPageButtons } from '@greenscreen/wire/dm-tree';
import { type CspTree } from '../csp/index.js';

/** Whether a boolean node such as `ServerHasFinishedProvisioning` is true. */
export const flag = (tree: CspTree, node: FirstSyncNode, provider: string, scope: NodeScope = 'device'): boolean =>
  tree.read(firstSync(node, provider, scope))?.toLowerCase() === 'true';

/** What the page offers when it has failed. */
export interface PageButtons {
  readonly reset: boolean;
  readonly tryAgain: boolean;
  readonly continueAnyway: boolean;
  readonly collectLogs: boolean;
}

/**
 * Buttons by `BlockInStatusPage` (06 D-B41). In pre-provisioning "Continue anyway" is never offered, Retry and Reset always (reference 05, T6
 * and T21).
 */
export function pageButtons(tree: CspTree, provider: string, { whiteGlove }: { readonly whiteGlove: boolean }): PageButtons {
  const bits = Number(tree.read(firstSync('BlockInStatusPage', provider)) ?? 0);
  const has = (bit: number): boolean => (bits & bit) !== 0;
  return {
    reset: whiteGlove || has(statusPageButtons.reset),
    tryAgain: whiteGlove || has(statusPageButtons.tryAgain),
    continueAnyway: !whiteGlove && has(statusPageButtons.continueAnyway),
    collectLogs: flag(tree, 'AllowCollectLogsButton', provider),
  };
}

/** The organization's own words for a page that has failed. */
export const customErrorText = (tree: CspTree, provider: string): string | undefined =>
  tree.read(firstSync('CustomErrorText', provider)) || undefined;

/** Minutes of `TimeOutUntilSyncFailure`; undefined when the server has said nothing. */
export function syncFailureTimeout(tree: CspTree, provider: string): number | undefined {
  const minutes = Number(tree.read(firstSync('TimeOutUntilSyncFailure', provider)));
  return minutes > 0 ? minutes : undefined;
}
