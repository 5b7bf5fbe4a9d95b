import { Fault } from '@greenscreen/host/faults';
import { bearerToken } from '@greenscreen/host/identity';
import { redirect, type Reply } from '@greenscreen/host/reply';
import { xml } from '@greenscreen/wire/xml';
import { type MdmServices } from '../../mdm-services.js';
import { authenticateToken } from '../token/authenticate.js';
import { badRequest, page } from './page.js';

export interface TermsQuery {
  readonly apiVersion: string | undefined;
  readonly redirectUri: string | undefined;
  readonly authorization: string | undefined;
}

/** Where the broker of Windows waits for the answer; nothing else may receive it [our choice]. */
export const isBroker = (address: string): boolean => /^ms-appx-web:\/\/microsoft\.aad\.brokerplugin/i.test(address);

/** Terms of use in the user-driven join (reference 04, 1.5). A device on its own has no user and skips them. */
export async function termsOfUse(mdm: MdmServices, { apiVersion, redirectUri, authorization }: TermsQuery): Promise<Reply> {
  if (!redirectUri || !isBroker(redirectUri)) return badRequest('redirect_uri is required');
  if (apiVersion !== undefined && apiVersion !== '1.0') return errorRedirect(redirectUri, 'invalid_request', 'unsupported version');
  try {
    const principal = await authenticateToken(mdm, bearerToken(authorization) ?? '');
    if (!principal.user) return errorRedirect(redirectUri, 'unauthorized_client', 'unauthorized user or token');
  } catch (error) {
    if (error instanceof Fault) return errorRedirect(redirectUri, 'unauthorized_client', 'unauthorized user or token');
    throw error;
  }
  const blob = mdm.random.token(24);
  return page(
    200,
    'Terms of use',
    xml`<p>This device will be managed by a lab, which can see what is on it, change its settings, and install and remove apps.</p><p>There is nothing to read here: the terms of a real organization would stand in this place.</p><div class="buttons"><a class="button second" href="${`${redirectUri}?IsAccepted=false`}">Decline</a> <a class="button" href="${`${redirectUri}?IsAccepted=true&OpaqueBlob=${blob}`}">Accept</a></div>`,
  );
}

const errorRedirect = (to: string, error: string, description: string): Reply =>
  redirect(`${to}?error=${error}&error_description=${encodeURIComponent(description)}`);
