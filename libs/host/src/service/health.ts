import { type NextFunction, type Request, type Response } from 'express';
import { type DataSource } from 'typeorm';
import { json, writeReply } from '../reply/reply.js';
import { type HostRule } from './definition.js';

/** Whether each thing that the service needs is there, with the reason when it is not. */
export async function readiness(dataSource: DataSource): Promise<{ ready: boolean; dependencies: Record<string, string> }> {
  try {
    await dataSource.query('SELECT 1');
    return { ready: true, dependencies: { postgres: 'ok' } };
  } catch (error) {
    return { ready: false, dependencies: { postgres: error instanceof Error ? error.message : String(error) } };
  }
}

/** `/health` (alive) and `/ready` (per dependency), on the service's own address only: emulated hosts keep their paths. */
export function healthMiddleware(matches: (host: string) => HostRule | undefined, service: string, dataSource: DataSource) {
  return (request: Request, response: Response, next: NextFunction): void => {
    if ((request.path !== '/health' && request.path !== '/ready') || matches(request.hostname?.toLowerCase() ?? '')) {
      next();
      return;
    }
    if (request.path === '/health') {
      writeReply(response, json(200, { service, status: 'ok' }));
      return;
    }
    void readiness(dataSource).then(({ ready, dependencies }) =>
      writeReply(response, json(ready ? 200 : 503, { service, ready, dependencies })),
    );
  };
}
