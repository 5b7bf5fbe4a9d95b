import { dmClientProvider, under } from '@greenscreen/wire/dm-tree';
import { type CspTree } from '../csp/index.js';

const MINUTE_MS = 60_000;
/** Between sessions when the account says nothing: once a day. */
const DAILY = 1440;

/**
 * Milliseconds to the next scheduled session, after this many (DMClient CSP, `Poll`; 06 D-B51): a first set of close ones, a second set, then
 * the rest for good.
 */
export function pollInterval(tree: CspTree, provider: string, sessions: number): number {
  const value = (name: string): number => Number(tree.read(under(dmClientProvider(provider), 'Poll', name)) ?? 0);
  const first = value('NumberOfFirstRetries');
  const second = first + value('NumberOfSecondRetries');
  const set = sessions <= first ? 'FirstSetOf' : sessions <= second ? 'SecondSetOf' : 'RemainingScheduled';
  return (value(`IntervalFor${set}Retries`) || DAILY) * MINUTE_MS;
}
