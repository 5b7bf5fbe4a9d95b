import { SeededRandom } from '@greenscreen/crypto/seeded-random';
import { type NextFunction, type Request, type Response } from 'express';
import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { clientCertificateOf } from '../client-certificate/client-certificate.js';
import { type Exchange, exchanges } from './exchange.js';

const USABLE_ID = /^[0-9A-Za-z-]{8,64}$/;

/** Opens an exchange around each request and tells `finished` when its answer has left. */
export function exchangeMiddleware(service: string, finished: (exchange: Exchange, status: number) => void) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const clientRequestId = request.get('client-request-id')?.replace(/[{}]/g, '').trim();
    const run = request.get('x-greenscreen-run');
    const seed = request.get('x-greenscreen-ids');
    const ids = seed ? new SeededRandom(seed) : undefined;
    const certificate = clientCertificateOf(request)?.der;
    const exchange: Exchange = {
      service,
      operation: 'Unknown',
      ...(run ? { run } : {}),
      ...(ids ? { ids } : {}),
      traceId: clientRequestId && USABLE_ID.test(clientRequestId) ? clientRequestId : (ids?.uuid() ?? randomUUID()),
      ...(clientRequestId ? { clientRequestId } : {}),
      echoClientRequestId: request.get('return-client-request-id')?.toLowerCase() === 'true',
      method: request.method,
      host: request.hostname?.toLowerCase() ?? '',
      path: request.originalUrl,
      headers: request.headers as Record<string, string>,
      remoteAddress: request.ip ?? '',
      ...(certificate ? { clientCertificate: certificate } : {}),
      startedAt: performance.now(),
      body: Buffer.alloc(0),
      times: new Map(),
    };
    if (exchange.echoClientRequestId && clientRequestId) response.setHeader('client-request-id', clientRequestId);
    response.once('finish', () => finished(exchange, response.statusCode));
    exchanges.run(exchange, next);
  };
}
