import { encodePageConfig } from '@greenscreen/wire/oauth';
import { STS } from '../hosts.js';
import { escapeHtml, hiddenFields, pageShell } from '@greenscreen/host/page';

export interface PageError {
  /** AADSTS number. */
  readonly code: number;
  readonly text: string;
}

export interface SignInPage {
  readonly flowToken: string;
  /** Random values that scripted clients send back; `sessionId` and `canary` have to be there (reference 02, 3.2). */
  readonly sessionId: string;
  readonly canary: string;
  readonly apiCanary: string;
  /** Fresh request nonce for single sign-on by a browser extension. */
  readonly nonce: string;
  readonly loginHint: string;
  readonly appName: string;
  readonly error?: PageError | undefined;
  /** Query that Windows OOBE adds to the form's target (reference 02, 3.3); empty otherwise. */
  readonly query: string;
}

/** The sign-in page: `$Config` for scripts, a form for people. */
export function renderSignInPage(page: SignInPage): string {
  const { flowToken, canary, error } = page;
  const urlPost = `/common/login${page.query}`;
  const config = {
    sessionId: page.sessionId,
    canary,
    sFT: flowToken,
    sCtx: flowToken,
    urlPost,
    urlGetCredentialType: `${STS}/common/GetCredentialType?mkt=en-US`,
    pgid: 'ConvergedSignIn',
    sErrorCode: error ? String(error.code) : '',
    sErrTxt: error?.text ?? '',
    apiCanary: page.apiCanary,
    hpgid: 1104,
    hpgact: 1800,
    bsso: { nonce: page.nonce },
  };
  const hidden = { ctx: flowToken, flowToken, canary, hpgrequestid: page.sessionId, type: '11', LoginOptions: '3' };
  const focus = (wanted: boolean): string => (wanted ? ' autofocus' : '');
  const form = `<h1>Sign in</h1><p>to continue to <b>${escapeHtml(page.appName)}</b></p>
${error ? `<p class="error" role="alert">${escapeHtml(error.text)} (${error.code})</p>` : ''}
<form method="post" action="${escapeHtml(urlPost)}">${hiddenFields(hidden)}
<label for="login">Email</label><input id="login" name="login" type="email" autocomplete="username" required value="${escapeHtml(page.loginHint)}"${focus(page.loginHint === '')}>
<label for="passwd">Password</label><input id="passwd" name="passwd" type="password" autocomplete="current-password" required${focus(page.loginHint !== '')}>
<div class="buttons"><button>Sign in</button></div></form>`;
  return pageShell('Sign in to your account', encodePageConfig(config), form);
}

/** What cannot be told to the client by a redirect is told to the person. */
export function renderErrorPage(error: PageError, traceId: string): string {
  const config = {
    sessionId: traceId,
    canary: '',
    pgid: 'ConvergedError',
    sErrorCode: String(error.code),
    iErrorCode: error.code,
    sErrTxt: error.text,
    strMainMessage: "Sorry, but we're having trouble signing you in.",
    strServiceExceptionMessage: `AADSTS${error.code}: ${error.text}`,
    hpgid: 1107,
    hpgact: 1800,
  };
  const content = `<h1>Sign in</h1><p>Sorry, but we're having trouble signing you in.</p>
<p class="error" role="alert">AADSTS${error.code}: ${escapeHtml(error.text)}</p><p>Request Id: ${escapeHtml(traceId)}</p>`;
  return pageShell('Sign in to your account', encodePageConfig(config), content);
}
