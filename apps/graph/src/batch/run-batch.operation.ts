import { type Reply } from '@greenscreen/host/reply';
import { graphJson } from '../graph-reply.js';
import { type GraphRequest, type GraphVersion } from '../request/graph-request.js';
import { readBody } from '../request/read-body.js';
import { batchBody, type BatchedRequest } from './batch-body.js';
import { type InnerHttp, type InnerResponse } from './inner-http.js';

/** Marks the requests of a batch on their way through the service. */
export const NESTED = 'x-greenscreen-batched';

interface BatchedResponse {
  readonly id: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * `$batch`: the requests one after the other through this service's own handler, each with its journal entry, its faults and the batch's
 * token. What depends on a request that failed is 424 and never runs [doc: JSON batching].
 */
export async function runBatch(request: GraphRequest, http: InnerHttp): Promise<Reply> {
  const { requests } = readBody(batchBody);
  const responses: BatchedResponse[] = [];
  for (const one of requests) {
    const unmet = one.dependsOn.some((id) => responses.some((answer) => answer.id === id && answer.status >= 400));
    responses.push(unmet ? failedDependency(one.id) : await dispatch(request, http, one));
  }
  return graphJson(200, { responses });
}

const failedDependency = (id: string): BatchedResponse => ({
  id,
  status: 424,
  headers: { 'Content-Type': 'application/json' },
  body: { error: { code: 'FailedDependency', message: 'A request that this one depends on has failed.' } },
});

/** Relative to the batch's version; Microsoft's SDK leaves the version in, and that one counts [client: microsoft-graph-client 3.0.7]. */
function addressOf(url: string, version: GraphVersion): string {
  const path = url.replace(/^(https:\/\/[^/]+)?\/*/i, '');
  return /^(v1\.0|beta)\//i.test(path) ? `/${path}` : `/${version}/${path}`;
}

/** Headers of the batch that its requests share unless they bring their own. */
const shared = ['authorization', 'host', 'x-greenscreen-run', 'consistencylevel'] as const;
/** What says how a message is sent; a request of a batch is not sent at all. */
const framing = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'expect', 'upgrade', 'te', 'trailer']);

async function dispatch({ exchange, version, origin }: GraphRequest, http: InnerHttp, one: BatchedRequest): Promise<BatchedResponse> {
  const { pathname, search } = new URL(`${origin}${addressOf(one.url, version)}`);
  const headers: Record<string, string> = {};
  for (const name of shared) if (exchange.headers[name] !== undefined) headers[name] = exchange.headers[name];
  for (const [name, value] of Object.entries(one.headers)) if (!framing.has(name.toLowerCase())) headers[name.toLowerCase()] = value;
  const answer = await http.send({
    method: one.method,
    path: `${pathname}${search}`,
    headers: { ...headers, [NESTED]: '1' },
    remoteAddress: exchange.remoteAddress,
    ...(one.body === undefined ? {} : { body: typeof one.body === 'string' ? one.body : JSON.stringify(one.body) }),
  });
  return { id: one.id, status: answer.status, headers: headersOf(answer), ...bodyOf(answer) };
}

/** Those that mean something without a connection. */
function headersOf({ headers }: InnerResponse): Record<string, string> {
  const names = { 'content-type': 'Content-Type', 'retry-after': 'Retry-After', etag: 'ETag', location: 'Location' };
  return Object.fromEntries(
    Object.entries(names).flatMap(([name, spelt]) => (headers[name] === undefined ? [] : [[spelt, String(headers[name])]])),
  );
}

function bodyOf({ body, headers }: InnerResponse): { body?: unknown } {
  if (body.length === 0) return {};
  const isJson = /json/i.test(headers['content-type'] ?? '');
  return { body: isJson ? (JSON.parse(body.toString('utf8')) as unknown) : body.toString('base64') };
}
