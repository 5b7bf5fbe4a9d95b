import { type Response } from 'express';

/** A whole HTTP answer. Bodies are complete before the first byte leaves: several clients break on chunked answers (reference 04, 0.2). */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

const EMPTY = Buffer.alloc(0);

/** An answer of any content type; `undefined` sends no Content-Type and no body. */
export function reply(status: number, contentType?: string, body: Buffer | string = EMPTY, headers: Reply['headers'] = {}): Reply {
  return {
    status,
    headers: contentType === undefined ? headers : { 'Content-Type': contentType, ...headers },
    body: typeof body === 'string' ? Buffer.from(body, 'utf8') : body,
  };
}

/** `application/json; charset=utf-8`. */
export function json(status: number, value: unknown, headers: Reply['headers'] = {}): Reply {
  return reply(status, 'application/json; charset=utf-8', JSON.stringify(value), headers);
}

/** 302 without a body unless one is given. */
export function redirect(location: string, body = '', headers: Reply['headers'] = {}): Reply {
  return reply(302, body ? 'text/html; charset=utf-8' : undefined, body, { Location: location, ...headers });
}

/** Writes the answer in one piece, with Content-Length. */
export function writeReply(response: Response, { status, headers, body }: Reply): void {
  if (response.headersSent) return;
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (status !== 204 && status !== 304) response.setHeader('Content-Length', body.length);
  response.end(body);
}
