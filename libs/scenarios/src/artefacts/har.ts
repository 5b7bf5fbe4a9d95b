import { type TrafficEntry } from '@greenscreen/device/network';

const isText = (body: Buffer): boolean => Buffer.from(body.toString('utf8'), 'utf8').equals(body);
const content = (body: Buffer): { text: string; encoding?: 'base64' } =>
  isText(body) ? { text: body.toString('utf8') } : { text: body.toString('base64'), encoding: 'base64' };
const pairs = (headers: Readonly<Record<string, string | string[]>>): { name: string; value: string }[] =>
  Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one) => ({ name, value: one })));

/** The traffic of a run in HAR 1.2, which browsers open in their network panel. */
export function toHar(traffic: readonly TrafficEntry[]): object {
  return { log: { version: '1.2', creator: { name: 'Greenscreen', version: '0.1.0' }, pages: [], entries: traffic.map(entryOf) } };
}

function entryOf({ startedAt, milliseconds, request, requestHeaders, response, error }: TrafficEntry): object {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.from(request.body ?? '', 'utf8');
  const url = new URL(request.url);
  const type = requestHeaders['Content-Type'] ?? requestHeaders['content-type'] ?? '';
  return {
    startedDateTime: startedAt.toISOString(),
    time: milliseconds,
    request: {
      method: request.method ?? (request.body === undefined ? 'GET' : 'POST'),
      url: request.url,
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: pairs({ Host: url.host, ...requestHeaders }),
      queryString: [...url.searchParams].map(([name, value]) => ({ name, value })),
      headersSize: -1,
      bodySize: body.length,
      ...(body.length > 0 ? { postData: { mimeType: type, ...content(body) } } : {}),
    },
    response: {
      status: response?.status ?? 0,
      statusText: error ?? '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: pairs(response?.headers ?? {}),
      content: {
        size: response?.body.length ?? 0,
        mimeType: response?.header('content-type') ?? '',
        ...content(response?.body ?? Buffer.alloc(0)),
      },
      redirectURL: response?.header('location') ?? '',
      headersSize: -1,
      bodySize: response?.body.length ?? -1,
    },
    cache: {},
    timings: { send: 0, wait: milliseconds, receive: 0 },
    comment: `${request.service} ${request.operation}`,
  };
}
