import { escapeHtml, pageShell } from '@greenscreen/host/page';
import { reply, type Reply } from '@greenscreen/host/reply';
import { type Markup, xml } from '@greenscreen/wire/xml';

/** A whole HTML page as all pages of the mock look; values in `body` are escaped by the writer. */
export function page(status: number, title: string, body: Markup): Reply {
  return reply(status, 'text/html; charset=UTF-8', pageShell(title, '', `<h1>${escapeHtml(title)}</h1>${body.toString()}`));
}

export const badRequest = (reason: string): Reply => page(400, 'Bad Request', xml`<p>${reason}</p>`);
