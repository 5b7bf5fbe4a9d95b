import { encodePageConfig } from '@greenscreen/wire/oauth';
import { STS } from '../hosts.js';
import { escapeHtml, hiddenFields, pageShell } from '@greenscreen/host/page';
import { type PageError } from '../sign-in/sign-in-page.js';
import { type StsServices } from '../sts-services.js';

/** The one method that is offered: a code that the person reads elsewhere. */
export const CODE_METHOD = 'PhoneAppOTP';
const PROCESS = '/common/SAS/ProcessAuth';

export interface SecondFactorInput {
  readonly flowToken: string;
  readonly upn: string;
  readonly error?: PageError | undefined;
}

/**
 * The page that asks for a second factor. Scripts know it by `pgid`, and go by `urlBeginAuth`, `urlEndAuth` and `urlPost`; people fill in a
 * form whose target is `urlPost` (reference 02, 3.2 [client]).
 */
export function secondFactorPage({ random }: StsServices, { flowToken, upn, error }: SecondFactorInput): string {
  const canary = random.token(24);
  const config = {
    sessionId: random.uuid(),
    canary,
    sFT: flowToken,
    sFTName: 'flowToken',
    sCtx: flowToken,
    urlPost: PROCESS,
    urlBeginAuth: `${STS}/common/SAS/BeginAuth`,
    urlEndAuth: `${STS}/common/SAS/EndAuth`,
    pgid: 'ConvergedTFA',
    arrUserProofs: [{ authMethodId: CODE_METHOD, data: CODE_METHOD, display: 'Code of the lab', isDefault: true, isLocationAware: false }],
    oPerAuthPollingInterval: { [CODE_METHOD]: 1 },
    iMaxPollAttempts: 5,
    sAuthMethodInputFieldName: 'mfaAuthMethod',
    sPOST_Username: upn,
    sErrorCode: error ? String(error.code) : '',
    sErrTxt: error?.text ?? '',
    apiCanary: random.token(24),
    hpgid: 1114,
    hpgact: 2000,
  };
  const hidden = { request: flowToken, flowToken, canary, mfaAuthMethod: CODE_METHOD, login: upn, type: '19', GeneralVerify: 'false' };
  const form = `<h1>Enter code</h1><p class="who">${escapeHtml(upn)}</p>
<p>Your organization wants to be sure that it is you. Enter the code of your second device.</p>
${error ? `<p class="error" role="alert">${escapeHtml(error.text)} (${error.code})</p>` : ''}
<form method="post" action="${PROCESS}">${hiddenFields(hidden)}
<label for="otc">Code</label><input id="otc" name="otc" inputmode="numeric" autocomplete="one-time-code" maxlength="6" required autofocus>
<div class="buttons"><button>Verify</button></div></form>
<p class="hint">In this lab the control API is the second device: ask it with <code>greenscreen codes</code>, or at <code>/second-factors</code>.</p>`;
  return pageShell('Sign in to your account', encodePageConfig(config), form);
}
