import { findExchange } from '@greenscreen/host/exchange';
import { reply, type Reply } from '@greenscreen/host/reply';

/** Headers of every answer of the token service (reference 02, section 1 rules 7 and 8). */
export const stsHeaders = (): Record<string, string> => ({
  'Cache-Control': 'no-store',
  Pragma: 'no-cache',
  'x-ms-request-id': findExchange()?.traceId ?? '',
});

export const stsJson = (status: number, value: unknown, headers: Reply['headers'] = {}): Reply =>
  reply(status, 'application/json; charset=utf-8', JSON.stringify(value), { ...stsHeaders(), ...headers });

export const stsHtml = (status: number, html: string, headers: Reply['headers'] = {}): Reply =>
  reply(status, 'text/html; charset=utf-8', html, { ...stsHeaders(), ...headers });

/** Metadata may be cached. */
export const metadataJson = (value: unknown): Reply =>
  reply(200, 'application/json; charset=utf-8', JSON.stringify(value), {
    'Cache-Control': 'max-age=86400, private',
    'x-ms-request-id': findExchange()?.traceId ?? '',
  });
