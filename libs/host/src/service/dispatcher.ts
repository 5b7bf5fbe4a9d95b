import { type HostRule } from './definition.js';
import { type RequestHandler } from './service-app.js';

/** Whoever answers for a family of hosts. */
export interface Responder {
  matches(host: string): HostRule | undefined;
  readonly handler: RequestHandler;
}

/** Lower-case host name of a request, without port. */
export function hostOf(header: string | undefined): string {
  return (header ?? '').toLowerCase().replace(/:\d+$/, '');
}

/** Gives each request to the one that answers for its Host header; unknown hosts get 421 (Misdirected Request). */
export function createDispatcher(responders: readonly Responder[]): RequestHandler {
  return (request, response) => {
    const host = hostOf(request.headers.host);
    const responder = responders.find((candidate) => candidate.matches(host));
    if (responder) {
      responder.handler(request, response);
      return;
    }
    const body = Buffer.from(JSON.stringify({ error: 'unknown_host', message: `No emulated service answers for "${host}"` }));
    response.writeHead(421, { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': body.length }).end(body);
  };
}
