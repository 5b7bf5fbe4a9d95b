import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { type SignInFlow } from '@greenscreen/model/sts';
import { decodeForm, type Form } from '@greenscreen/wire/oauth';
import { secondFactorPage } from '../second-factor/second-factor-page.js';
import { asksForSecondFactor, askForSecondFactor } from '../second-factor/second-factor.store.js';
import { authenticationOf } from '../sign-in/authentication-of.js';
import { showAgain } from '../sign-in/login.operation.js';
import { type PendingSignIn, withPendingSignIn } from '../sign-in/pending-sign-in.js';
import { requireFlow } from '../sign-in/sign-in-flow.store.js';
import { stsHtml } from '../sts-reply.js';
import { type StsServices } from '../sts-services.js';
import { recordSignIn } from '../tokens/sign-in-log.js';
import { federatedSignIn, samlOfResult } from './saml-assertion.js';

/**
 * `POST /login.srf`: the browser comes back from a user's own identity provider with an assertion (WS-Federation 13.2.3). `wctx` is the flow
 * token of the page that it left from. A refusal shows that page with its number.
 */
export async function federatedLoginOperation(sts: StsServices, body: Buffer): Promise<Reply> {
  await sts.clock.now();
  const form = decodeForm(body);
  const { flow, flowToken } = await requireFlow(sts, form.get('wctx'));
  return withPendingSignIn(sts, flow, async (pending) => {
    try {
      return await takeAssertion(sts, flow, pending, form);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return error.code === 'sts.50074'
        ? stsHtml(200, secondFactorPage(sts, { flowToken, upn: String(error.detail.upn ?? '') }))
        : showAgain(sts, pending, flowToken, '', error);
    }
  });
}

async function takeAssertion(sts: StsServices, flow: SignInFlow, pending: PendingSignIn, form: Form): Promise<Reply> {
  const record = { ...pending.record };
  return recordSignIn(sts, record, async () => {
    const { tenant, user, amr } = await federatedSignIn(sts, samlOfResult(form.get('wresult') ?? ''), pending.segment.tenant);
    Object.assign(record, { userId: user.id, upn: user.upn });
    const secondFactor = amr.includes('mfa');
    if (asksForSecondFactor(tenant, user) && !secondFactor) {
      await askForSecondFactor(sts, flow, user, undefined);
      throw new Fault('sts.50074', { upn: user.upn });
    }
    return pending.complete(await authenticationOf(sts, flow, pending, { tenant, user, methods: amr, secondFactor }), undefined);
  });
}
