import { clientCertificateOf, CLIENT_CERTIFICATE_HEADER, GATEWAY_HEADER } from '@greenscreen/host/client-certificate';
import { type Logger } from '@greenscreen/host/logging';
import { createDispatcher, type HostRule, hostMatcher, type RequestHandler, type ServiceDefinition } from '@greenscreen/host/service';
import { createProxyServer, type ProxyServer } from 'httpxy';
import { Agent, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

/** Something that answers for hosts: a service in this process, or replicas of one elsewhere. */
export interface Backend {
  readonly name: string;
  matches(host: string): HostRule | undefined;
  readonly handler: RequestHandler;
}

/** How long a request waits for a service that is being started again, and how often it looks. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 100;
/** How long a look may take. */
const LOOK_MS = 1_000;
/** As large as the largest limit of a service: those answer 413 themselves. */
const BODY_LIMIT = 8 * 1024 * 1024;

/** Never taken from a client: they say who the client is. */
const OURS = [CLIENT_CERTIFICATE_HEADER, GATEWAY_HEADER];

/** Removes what a client might send to pass for somebody else. */
export function stripForgeable(request: IncomingMessage): void {
  for (const name of Object.keys(request.headers)) {
    if (OURS.includes(name) || name.startsWith('x-forwarded-') || name === 'forwarded') delete request.headers[name];
  }
}

export interface RemoteOptions {
  readonly definition: ServiceDefinition;
  /** Base URLs of its replicas. */
  readonly replicas: readonly string[];
  readonly gatewaySecret: Buffer;
  readonly logger: Logger;
  /** How long a request waits while no replica can be reached. */
  readonly patienceMs?: number;
}

/**
 * Replicas of a service over HTTP, each request to the next one. A replica that cannot be reached is skipped, and waited for if it is the
 * last. A connection that breaks later is broken towards the client too: nobody knows whether the request was carried out.
 */
export function remoteBackend({ definition, replicas, gatewaySecret, logger, patienceMs = PATIENCE_MS }: RemoteOptions): Backend {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const proxy = createProxyServer({ agent, xfwd: false });
  let next = 0;
  const forward = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);
    if (!body) {
      response.writeHead(413, { 'Content-Length': '0', Connection: 'close' }).end();
      return;
    }
    prepare(request, body, gatewaySecret);
    const until = Date.now() + patienceMs;
    let unreached: unknown;
    for (let attempt = 1; !request.socket.destroyed; attempt += 1) {
      const target = replicas[next++ % replicas.length] ?? '';
      // Each delivery leaves listeners on the request: while all replicas are down, a mere connection tells when one is back.
      if (attempt <= replicas.length || (await isListening(target))) {
        const problem = await attemptOnce(proxy, request, response, target, body);
        if (!problem) return;
        if (!isUndelivered(problem.error)) throw problem.error;
        unreached = problem.error;
      }
      if (Date.now() > until) throw unreached;
      if (attempt % replicas.length === 0) await delay(PAUSE_MS);
    }
  };
  return {
    name: definition.name,
    matches: hostMatcher(definition.hosts),
    handler: (request, response) => {
      forward(request, response).catch((error: unknown) => {
        if (request.socket.destroyed) return; // the client went away, or sent less than it said
        logger.error({ service: definition.name, err: error }, 'no replica answered');
        if (!isUndelivered(error)) request.socket.destroy();
        else if (!response.headersSent) response.writeHead(503, { 'Retry-After': '5', 'Content-Length': '0' }).end();
      });
    },
  };
}

/** Who the client is, in headers that only this gateway may set; and the body in one piece. */
function prepare(request: IncomingMessage, body: Buffer, gatewaySecret: Buffer): void {
  const certificate = clientCertificateOf(request);
  if (certificate) request.headers[CLIENT_CERTIFICATE_HEADER] = certificate.der.toString('base64');
  request.headers[GATEWAY_HEADER] = gatewaySecret.toString('base64url');
  delete request.headers['transfer-encoding'];
  delete request.headers.expect;
  if (body.length > 0) request.headers['content-length'] = String(body.length);
}

async function attemptOnce(
  proxy: ProxyServer,
  request: IncomingMessage,
  response: ServerResponse,
  target: string,
  body: Buffer,
): Promise<{ error: unknown } | undefined> {
  try {
    await proxy.web(request, response, { target, buffer: Readable.from(body.length ? [body] : []) });
    return undefined;
  } catch (error) {
    return { error };
  }
}

function isListening(url: string): Promise<boolean> {
  const { hostname, port, protocol } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80) });
    const answer = (listening: boolean) => (): void => {
      socket.destroy();
      resolve(listening);
    };
    socket.once('connect', answer(true)).once('error', answer(false)).setTimeout(LOOK_MS, answer(false));
  });
}

/** Whether the replica certainly never saw the request. A reset connection does not say so. */
function isUndelivered(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return ['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH'].includes(code);
}

/** Undefined when it is too large; what is left of it is read and dropped, so that the client gets to see the answer. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= BODY_LIMIT) chunks.push(chunk);
  }
  return size > BODY_LIMIT ? undefined : Buffer.concat(chunks);
}

/** The handler in front of all backends: cleans each request and gives it to whoever answers for its host. */
export function route(backends: readonly Backend[]): RequestHandler {
  const dispatch = createDispatcher(backends);
  return (request, response) => {
    stripForgeable(request);
    dispatch(request, response);
  };
}
