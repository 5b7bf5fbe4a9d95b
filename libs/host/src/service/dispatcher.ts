import { type RequestHandler, type ServiceApp } from './service-app.js';

/** Lower-case host name of a request, without port. */
export function hostOf(header: string | undefined): string {
  return (header ?? '').toLowerCase().replace(/:\d+$/, '');
}

/** Gives each request to the service that answers for its Host header; unknown hosts get 421 (Misdirected Request). */
export function createDispatcher(apps: readonly ServiceApp[]): RequestHandler {
  return (request, response) => {
    const host = hostOf(request.headers.host);
    const app = apps.find((candidate) => candidate.matches(host));
    if (app) {
      app.handler(request, response);
      return;
    }
    const body = Buffer.from(JSON.stringify({ error: 'unknown_host', message: `No emulated service answers for "${host}"` }));
    response.writeHead(421, { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': body.length }).end(body);
  };
}
