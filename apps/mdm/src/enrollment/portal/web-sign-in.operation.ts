import { Fault } from '@greenscreen/host/faults';
import { currentExchange } from '@greenscreen/host/exchange';
import { type Reply } from '@greenscreen/host/reply';
import { decodeForm } from '@greenscreen/wire/oauth';
import { xml } from '@greenscreen/wire/xml';
import { type MdmServices } from '../../mdm-services.js';
import { issueEnrollmentToken } from '../token/enrollment-token.store.js';
import { authenticatePassword } from '../token/user-name.js';
import { badRequest, page } from './page.js';

/** What the client asks for: where to post the token, and whom to expect. */
export interface WebSignInQuery {
  readonly appru: string | undefined;
  readonly loginHint: string | undefined;
}

/** The token goes to an app on the device and nowhere else (reference 04, 1.4). */
const isAppAddress = (address: string): boolean => /^ms-app:\/\//i.test(address);

/** The page of a Federated enrollment without Entra (reference 04, 1.4). */
export function webSignInPage({ appru, loginHint }: WebSignInQuery, message?: string): Reply {
  if (!appru || !loginHint) return badRequest('appru and login_hint are required');
  if (!isAppAddress(appru)) return badRequest('appru must be an ms-app address');
  return page(
    200,
    'Sign in to enroll',
    xml`${message === undefined ? undefined : xml`<p class="error" role="alert">${message}</p>`}<form method="post"><label for="username">Email</label><input id="username" name="username" value="${loginHint}" autocomplete="username"/><label for="password">Password</label><input id="password" type="password" name="password" autocomplete="current-password" autofocus="autofocus"/><div class="buttons"><button>Sign in</button></div></form>`,
  );
}

/** A sign-in: right, and the browser posts the token to `appru` at once; wrong, and the page comes again. */
export async function webSignIn(mdm: MdmServices, query: WebSignInQuery, body: Buffer): Promise<Reply> {
  const { appru } = query;
  const form = decodeForm(body);
  if (!appru || !isAppAddress(appru) || !query.loginHint) return webSignInPage(query);
  try {
    const { user } = await authenticatePassword(mdm, { username: form.get('username') ?? '', password: form.get('password') ?? '' });
    currentExchange().tenantId = user.tenantId;
    return postBack(appru, await issueEnrollmentToken(mdm, user));
  } catch (error) {
    if (error instanceof Fault) return webSignInPage(query, 'The user name or password is incorrect.');
    throw error;
  }
}

/** Submits itself; the action is `appru` byte for byte. */
const postBack = (appru: string, token: string): Reply =>
  page(
    200,
    'Working on it',
    xml`<form id="enroll" method="post" action="${appru}"><input type="hidden" name="wresult" value="${token}"/></form><script>function performPost() { document.getElementById('enroll').submit(); } performPost();</script>`,
  );
