import { currentExchange } from '@greenscreen/host/exchange';
import { Fault, faultText } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { type SignInFlow } from '@greenscreen/model/sts';
import { decodeForm, type Form } from '@greenscreen/wire/oauth';
import { identityProviderUrl, toIdentityProvider } from '../federation/identity-provider.js';
import { realmOf } from '../realm/user-realm.js';
import { asksForSecondFactor, askForSecondFactor } from '../second-factor/second-factor.store.js';
import { secondFactorPage } from '../second-factor/second-factor-page.js';
import { stsFaults } from '../sts.errors.js';
import { stsHtml } from '../sts-reply.js';
import { type StsServices } from '../sts-services.js';
import { authenticatePassword } from '../tenancy/password.js';
import { tenantOfUpn } from '../tenancy/tenant-segment.js';
import { recordSignIn } from '../tokens/sign-in-log.js';
import { authenticationOf } from './authentication-of.js';
import { type PendingSignIn, withPendingSignIn } from './pending-sign-in.js';
import { requireFlow, signInPage } from './sign-in-flow.store.js';

/**
 * `POST /common/login` (reference 02, 3.3): the page's form. A user of a federated domain is sent to his own identity provider. A refusal shows the page again with its number in `sErrorCode`; a user who has a
 * second factor is asked for it next.
 */
export async function loginOperation(sts: StsServices, body: Buffer): Promise<Reply> {
  await sts.clock.now();
  const form = decodeForm(body);
  const { flow, flowToken } = await requireFlow(sts, form.get('flowToken') ?? form.get('ctx'));
  const elsewhere = identityProviderUrl(await realmOf(sts.em, upnOf(form)), flowToken);
  if (elsewhere !== undefined) return toIdentityProvider(elsewhere);
  return withPendingSignIn(sts, flow, async (pending) => {
    try {
      return await givePassword(sts, flow, pending, form);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return error.code === 'sts.50074'
        ? stsHtml(200, secondFactorPage(sts, { flowToken, upn: upnOf(form) }))
        : showAgain(sts, pending, flowToken, upnOf(form), error);
    }
  });
}

const upnOf = (form: Form): string => form.get('login') ?? form.get('loginfmt') ?? '';

/** Windows OOBE sends `cxhflow=OOBE`, Settings `MOSET` (reference 02, 3.3 [trace]). */
const cxhflow = (): string | undefined => new URLSearchParams(currentExchange().path.split('?')[1] ?? '').get('cxhflow') ?? undefined;

async function givePassword(sts: StsServices, flow: SignInFlow, pending: PendingSignIn, form: Form): Promise<Reply> {
  const upn = upnOf(form);
  const flowKind = cxhflow();
  const record = { ...pending.record, upn, ...(flowKind === undefined ? {} : { cxhflow: flowKind }) };
  return recordSignIn(sts, record, async () => {
    const tenant = await tenantOfUpn(sts.em, pending.segment, upn);
    const user = await authenticatePassword(sts.em, tenant, upn, form.get('passwd') ?? '');
    Object.assign(record, { userId: user.id });
    if (asksForSecondFactor(tenant, user)) {
      await askForSecondFactor(sts, flow, user, flowKind);
      throw new Fault('sts.50074');
    }
    return pending.complete(await authenticationOf(sts, flow, pending, { tenant, user, secondFactor: user.mfaRequired }), flowKind);
  });
}

/** The sign-in page once more, with what was wrong. */
export async function showAgain(sts: StsServices, pending: PendingSignIn, flowToken: string, upn: string, fault: Fault): Promise<Reply> {
  const entry = stsFaults[fault.code];
  if (!entry) throw fault;
  currentExchange().refusal = fault.code;
  const query = currentExchange().path.split('?')[1];
  const page = await signInPage(sts, {
    flowToken,
    loginHint: upn || pending.loginHint,
    appName: pending.appName,
    error: { code: entry.code, text: faultText(entry, fault.detail) },
    query: query === undefined ? '' : `?${query}`,
  });
  return stsHtml(200, page);
}
