import { redirect, type Reply } from '@greenscreen/host/reply';
import { decodeForm, type Form } from '@greenscreen/wire/oauth';
import { findClient } from '../clients/client.js';
import { stsHeaders, stsHtml } from '../sts-reply.js';
import { type StsServices } from '../sts-services.js';
import { resolveSegment } from '../tenancy/tenant-segment.js';
import { pageShell } from '@greenscreen/host/page';
import { objectMoved } from './response-modes.js';
import { endSession } from '../sign-in/session.store.js';

/**
 * `GET|POST /{tenant}/oauth2[/v2.0]/logout`: the browser is forgotten. It goes back to `post_logout_redirect_uri` when that belongs to the
 * client that `client_id` or the ID token names, and otherwise stays on a page that says so.
 */
export async function logoutOperation(sts: StsServices, tenantSegment: string, parameters: string | Buffer): Promise<Reply> {
  await sts.clock.now();
  const form = decodeForm(parameters);
  const { tenant } = await resolveSegment(sts.em, tenantSegment);
  const clientId = form.get('client_id') ?? audienceOf(form);
  const target = form.get('post_logout_redirect_uri');
  const client = clientId === undefined || target === undefined ? undefined : await findClient(sts.em, clientId, tenant);
  const headers = { ...stsHeaders(), 'Set-Cookie': [await endSession(sts)] };
  if (target === undefined || !client?.mayRedirectTo(target))
    return stsHtml(
      200,
      pageShell('Signed out', '', "<h1>You signed out</h1><p>It's a good idea to close all browser windows.</p>"),
      headers,
    );
  const state = form.get('state');
  const location = state === undefined ? target : `${target}${target.includes('?') ? '&' : '?'}state=${encodeURIComponent(state)}`;
  return redirect(location, objectMoved(location), headers);
}

/** Whom an ID token was issued to. It is only a hint, so nobody verifies it (OpenID Connect RP-Initiated Logout 1.0). */
function audienceOf(form: Form): string | undefined {
  const payload = Buffer.from(form.get('id_token_hint')?.split('.')[1] ?? '', 'base64url').toString('utf8');
  return /"aud":"([0-9a-f-]{36})"/i.exec(payload)?.[1];
}
