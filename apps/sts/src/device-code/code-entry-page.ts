import { escapeHtml, pageShell } from '@greenscreen/host/page';

/** The page that asks for a device's code. */
export const codeEntryPage = (error: string): string =>
  pageShell(
    'Sign in to your account',
    '',
    `<h1>Enter code</h1>${error ? `<p class="error" role="alert">${escapeHtml(error)}</p>` : ''}
<form method="post" action="/common/oauth2/deviceauth"><label for="otc">Enter the code displayed on your app or device.</label>
<input id="otc" name="otc" autocomplete="off" autocapitalize="characters" required autofocus>
<div class="buttons"><button>Next</button></div></form>`,
  );
