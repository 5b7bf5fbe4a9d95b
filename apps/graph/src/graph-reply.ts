import { findExchange } from '@greenscreen/host/exchange';
import { reply, type Reply } from '@greenscreen/host/reply';

/** Ids that every answer carries; what a client sent as `client-request-id` comes back (reference 01, 3.1). */
function requestIds(): Record<string, string> {
  const exchange = findExchange();
  const requestId = exchange?.traceId ?? '';
  return { 'request-id': requestId, 'client-request-id': exchange?.clientRequestId ?? requestId };
}

const JSON_TYPE = 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';

export const graphJson = (status: number, value: unknown, headers: Reply['headers'] = {}): Reply =>
  reply(status, JSON_TYPE, JSON.stringify(value), { 'Cache-Control': 'no-cache', 'OData-Version': '4.0', ...requestIds(), ...headers });

/** An answer without a body. */
export const graphEmpty = (status = 204, headers: Reply['headers'] = {}): Reply =>
  reply(status, undefined, undefined, { 'Cache-Control': 'no-cache', ...requestIds(), ...headers });
