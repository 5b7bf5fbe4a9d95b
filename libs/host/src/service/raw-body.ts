import { AsyncResource } from 'node:async_hooks';
import { type NextFunction, type Request, type Response } from 'express';
import { findExchange } from '../exchange/exchange.js';

/**
 * Hands every body to the controllers as the bytes that came, whatever their Content-Type: several protocols here disagree with what
 * clients declare, and the journal keeps the original. Too much is answered with 413 and an empty body (06 D-B8).
 */
export function rawBody(limit: number) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        request.removeAllListeners('data');
        request.resume();
        response.writeHead(413, { 'Content-Length': '0', Connection: 'close' }).end();
        return;
      }
      chunks.push(chunk);
    });
    // Stream events run outside the exchange that was opened around this request: bind the continuation to it.
    const finish = AsyncResource.bind(() => {
      if (size > limit) return;
      const body = Buffer.concat(chunks);
      request.body = body;
      const exchange = findExchange();
      if (exchange) exchange.body = body;
      next();
    });
    request.once('end', finish);
  };
}
