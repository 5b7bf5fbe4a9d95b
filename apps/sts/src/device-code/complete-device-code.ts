import { currentExchange } from '@greenscreen/host/exchange';
import { Fault, faultText } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { DeviceCode, type SignInFlow } from '@greenscreen/model/sts';
import { Tenant } from '@greenscreen/model/tenancy';
import { type Form } from '@greenscreen/wire/oauth';
import { escapeHtml, pageShell } from '../authorize/page-shell.js';
import { signInPage } from '../authorize/sign-in-flow.store.js';
import { stsFaults } from '../sts.errors.js';
import { stsHtml } from '../sts-reply.js';
import { type StsServices } from '../sts-services.js';
import { authenticatePassword } from '../tenancy/password.js';
import { tenantOfUpn } from '../tenancy/tenant-segment.js';

/** The person who typed a device's code has signed in: the device may go on (reference 02, 4.3). */
export async function completeDeviceCode(sts: StsServices, { userCode }: SignInFlow, flowToken: string, form: Form): Promise<Reply> {
  const row = await sts.em.findOneBy(DeviceCode, { userCode: userCode ?? '', state: 'pending' });
  if (!row) throw new Fault('sts.70018.unknown');
  const upn = form.get('login') ?? '';
  try {
    const named = row.tenantId === null ? undefined : await sts.em.findOneByOrFail(Tenant, { id: row.tenantId });
    const tenant = await tenantOfUpn(sts.em, { text: '', canonical: '', ...(named ? { tenant: named } : {}) }, upn);
    const user = await authenticatePassword(sts.em, tenant, upn, form.get('passwd') ?? '');
    const amr = user.mfaRequired ? ['pwd', 'mfa'] : ['pwd'];
    await approve(sts, row, user.id, amr);
  } catch (error) {
    const entry = error instanceof Fault ? stsFaults[error.code] : undefined;
    if (!(error instanceof Fault) || !entry) throw error;
    currentExchange().refusal = error.code;
    const text = faultText(entry, error.detail);
    return stsHtml(200, await signInPage(sts, { flowToken, loginHint: upn, appName: 'your device', error: { code: entry.code, text } }));
  }
  return stsHtml(
    200,
    pageShell('Signed in', '', '<h1>You have signed in</h1><p>You may now close this window and return to your device.</p>'),
  );
}

/** Of two people who complete a code at once the second is told that it is gone. */
async function approve({ em }: StsServices, { hash }: DeviceCode, userId: string, amr: string[]): Promise<void> {
  const taken = await em.update(DeviceCode, { hash, state: 'pending' }, { state: 'approved', userId, amr });
  if (taken.affected !== 1) throw new Fault('sts.70018.unknown');
}

/** The page that asks for a code. */
export const codeEntryPage = (error: string): string =>
  pageShell(
    'Sign in to your account',
    '',
    `<h1>Enter code</h1>${error ? `<p class="error" role="alert">${escapeHtml(error)}</p>` : ''}
<form method="post" action="/common/oauth2/deviceauth"><label for="otc">Enter the code displayed on your app or device.</label>
<input id="otc" name="otc" autocomplete="off" required><button>Next</button></form>`,
  );
