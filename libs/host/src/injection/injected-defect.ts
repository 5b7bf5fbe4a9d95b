import { type FaultAction } from '@greenscreen/model/faults';
import { findExchange } from '../exchange/exchange.js';

/** The defect of one kind that the request in hand is to get, if a fault says so: `injectedDefect('cert')`. */
export function injectedDefect<K extends keyof FaultAction>(kind: K): FaultAction[K] | undefined {
  return findExchange()?.injection?.action[kind];
}
