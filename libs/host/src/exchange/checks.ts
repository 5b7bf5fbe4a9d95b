import { findExchange } from './exchange.js';

/** A named step that throws a Fault when the request must be refused, and may add what it learned to the state. */
export type Check<S> = (state: S) => void | Promise<void>;

/** Runs checks in the order of the list; the first that throws is recorded as the one that refused the request. */
export async function runChecks<S>(state: S, checks: readonly Check<S>[]): Promise<void> {
  for (const check of checks) {
    try {
      await check(state);
    } catch (error) {
      const exchange = findExchange();
      if (exchange) exchange.refusedBy ??= check.name;
      throw error;
    }
  }
}
