import { findExchange } from '@greenscreen/host/exchange';
import { json, type Reply } from '@greenscreen/host/reply';

/** JSON with the id that the service gives every answer (reference 02, section 1 rule 7). */
export const drsJson = (status: number, value: unknown, headers: Reply['headers'] = {}): Reply =>
  json(status, value, { 'request-id': findExchange()?.traceId ?? '', ...headers });
