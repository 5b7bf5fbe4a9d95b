import { currentExchange } from '@greenscreen/host/exchange';
import { Fault, faultText } from '@greenscreen/host/faults';
import { redirect, type Reply } from '@greenscreen/host/reply';
import { escapeHtml } from '@greenscreen/host/page';
import { oauthErrorOf, stsFaults } from '../sts.errors.js';
import { stsHeaders, stsHtml } from '../sts-reply.js';
import { type Redirectable } from './authorize-request.js';

/** Members of an answer to the client, in the order in which they are written: clients want `code` first. */
export type AnswerMembers = readonly (readonly [string, string | undefined])[];

/**
 * Sends an answer to the redirect URI, which is used verbatim since custom schemes do not survive URL parsers. A 302 also carries an anchor:
 * one client reads that and not `Location` (reference 02, 3.4 [client]).
 */
export function sendAnswer(
  { redirectUri, responseMode, state }: Pick<Redirectable, 'redirectUri' | 'responseMode' | 'state'>,
  members: AnswerMembers,
  cookies: readonly string[] = [],
): Reply {
  const present = [...members, ['state', state] as const].filter((pair): pair is readonly [string, string] => pair[1] !== undefined);
  const headers = { ...stsHeaders(), ...(cookies.length > 0 ? { 'Set-Cookie': [...cookies] } : {}) };
  if (responseMode === 'form_post') return stsHtml(200, formPost(redirectUri, present), headers);
  const query = present.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  const separator = responseMode === 'fragment' ? '#' : redirectUri.includes('?') ? '&' : '?';
  const location = `${redirectUri}${separator}${query}`;
  return redirect(location, objectMoved(location), headers);
}

/** The body of a redirect as ASP.NET writes it. */
export const objectMoved = (location: string): string =>
  `<html><head><title>Object moved</title></head><body>\r\n<h2>Object moved to <a href="${escapeHtml(location)}">here</a>.</h2>\r\n</body></html>\r\n`;

/** An HTML form that posts itself; the texts are the ones that clients know such a page by. */
function formPost(action: string, members: readonly (readonly [string, string])[]): string {
  const inputs = members.map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}" />`);
  return `<html><head><title>Working...</title></head><body><form method="POST" name="hiddenform" action="${escapeHtml(action)}">${inputs.join('')}<noscript><p>Script is disabled. Click Submit to continue.</p><input type="submit" value="Submit" /></noscript></form><script language="javascript">window.setTimeout('document.forms[0].submit()', 0);</script></body></html>`;
}

/** Sends a refusal to the client; the journal still learns of it. */
export async function redirectingFaults(target: Redirectable, work: () => Promise<Reply>): Promise<Reply> {
  try {
    return await work();
  } catch (error) {
    const entry = error instanceof Fault ? stsFaults[error.code] : undefined;
    if (!(error instanceof Fault) || !entry) throw error;
    currentExchange().refusal = error.code;
    const members = oauthErrorOf(entry, faultText(entry, error.detail));
    return sendAnswer(target, [
      ['error', String(members.error)],
      ['error_description', String(members.error_description)],
      ['error_uri', String(members.error_uri)],
    ]);
  }
}
