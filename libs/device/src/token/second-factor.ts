import { encodeForm, type PageConfig } from '@greenscreen/wire/oauth';
import { type DeviceResponse } from '../context/index.js';
import { type SignInBrowser } from './sign-in-browser.js';

/** `pgid` of the page that asks for a second factor (reference 02, 3.2 [client]). */
export const SECOND_FACTOR_PAGE = 'ConvergedTFA';

/** Types the code that the person reads on another device into the page's form. */
export async function submitSecondFactor(browser: SignInBrowser, page: PageConfig, code: string): Promise<DeviceResponse> {
  const text = (name: string): string => (typeof page[name] === 'string' ? page[name] : '');
  const fields = {
    request: text('sCtx'),
    flowToken: text('sFT'),
    canary: text('canary'),
    login: text('sPOST_Username'),
    mfaAuthMethod: 'PhoneAppOTP',
    type: '19',
    otc: code,
  };
  return browser.post('ProcessAuth', text('urlPost'), encodeForm(fields));
}
