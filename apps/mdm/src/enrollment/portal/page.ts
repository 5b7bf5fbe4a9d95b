import { reply, type Reply } from '@greenscreen/host/reply';
import { type Markup, xml } from '@greenscreen/wire/xml';

/** A whole HTML page; values in `body` are escaped by the writer. */
export function page(status: number, title: string, body: Markup): Reply {
  const html = xml`<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"/><title>${title}</title></head><body><h1>${title}</h1>${body}</body></html>`;
  return reply(status, 'text/html; charset=UTF-8', html.toBuffer());
}

export const badRequest = (reason: string): Reply => page(400, 'Bad Request', xml`<p>${reason}</p>`);
