import { currentExchange } from '@greenscreen/host/exchange';
import { Fault, faultText } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { type SignInFlow } from '@greenscreen/model/sts';
import { Tenant } from '@greenscreen/model/tenancy';
import { decodeForm } from '@greenscreen/wire/oauth';
import { authenticationOf } from '../sign-in/authentication-of.js';
import { showAgain } from '../sign-in/login.operation.js';
import { withPendingSignIn } from '../sign-in/pending-sign-in.js';
import { requireFlow } from '../sign-in/sign-in-flow.store.js';
import { stsFaults } from '../sts.errors.js';
import { stsHtml, stsJson } from '../sts-reply.js';
import { type StsServices } from '../sts-services.js';
import { userOfGrant } from '../tenancy/password.js';
import { recordSignIn } from '../tokens/sign-in-log.js';
import { decodeSasRequest, encodeSasAnswer, type SasRequest } from './sas-message.js';
import { CODE_METHOD, secondFactorPage } from './second-factor-page.js';
import { type FactorTry, takeSecondFactor, trySecondFactor } from './second-factor.store.js';

/** `POST /common/SAS/BeginAuth`: the page's script chooses a method. The code was sent when the page was shown. */
export async function beginAuthOperation(sts: StsServices, body: Buffer): Promise<Reply> {
  const request = decodeSasRequest(body);
  await requireAskedFlow(sts, request.flowToken);
  return request.method === CODE_METHOD ? answer(sts, request) : answer(sts, request, 'AuthenticationMethodNotOffered', false);
}

const results: Readonly<Record<Exclude<FactorTry, 'passed'>, string>> = {
  wrong: 'OathCodeIncorrect',
  over: 'SMSAuthFailedMaxAllowedCodeRetryReached',
};

/** `POST /common/SAS/EndAuth`: the page's script hands the code in. */
export async function endAuthOperation(sts: StsServices, body: Buffer): Promise<Reply> {
  const request = decodeSasRequest(body);
  const flow = await requireAskedFlow(sts, request.flowToken);
  const outcome = await trySecondFactor(sts, flow, request.code);
  return outcome === 'passed' ? answer(sts, request) : answer(sts, request, results[outcome], outcome === 'wrong');
}

/** `POST /common/SAS/ProcessAuth`: the sign-in goes on, after `EndAuth` or, from a person's form, with the code itself. */
export async function processAuthOperation(sts: StsServices, body: Buffer): Promise<Reply> {
  await sts.clock.now();
  const form = decodeForm(body);
  const flowToken = form.get('flowToken') ?? form.get('request') ?? '';
  const flow = await requireAskedFlow(sts, flowToken);
  const user = await userOfGrant(sts.em, flow.userId ?? '');
  const tenant = await sts.em.findOneByOrFail(Tenant, { id: user.tenantId });
  currentExchange().tenantId = tenant.id;
  return withPendingSignIn(sts, flow, async (pending) => {
    const outcome = flow.factorPassedAt ? 'passed' : await trySecondFactor(sts, flow, form.get('otc') ?? '');
    const cxhflow = flow.cxhflow ?? undefined;
    const record = { ...pending.record, upn: user.upn, userId: user.id, ...(cxhflow === undefined ? {} : { cxhflow }) };
    try {
      return await recordSignIn(sts, record, async () => {
        if (outcome !== 'passed') throw new Fault('sts.500121');
        await takeSecondFactor(sts, flow);
        return pending.complete(await authenticationOf(sts, flow, pending, { tenant, user, secondFactor: true }), cxhflow);
      });
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'sts.500121') throw error;
      return outcome === 'wrong' ? askAgain(sts, flowToken, user.upn, error) : showAgain(sts, pending, flowToken, user.upn, error);
    }
  });
}

/** A flow whose user has given the password and is asked for the second factor; AADSTS50089 otherwise. */
async function requireAskedFlow(sts: StsServices, flowToken: string): Promise<SignInFlow> {
  const { flow } = await requireFlow(sts, flowToken);
  if (flow.userId === null) throw new Fault('sts.50089');
  return flow;
}

function askAgain(sts: StsServices, flowToken: string, upn: string, { code, detail }: Fault): Reply {
  const entry = stsFaults[code];
  currentExchange().refusal = code;
  const error = entry && { code: entry.code, text: faultText(entry, detail) };
  return stsHtml(200, secondFactorPage(sts, { flowToken, upn, error }));
}

async function answer(sts: StsServices, request: SasRequest, result = 'Success', retry = false): Promise<Reply> {
  const entry = result === 'Success' ? undefined : stsFaults['sts.500121'];
  if (entry) currentExchange().refusal = 'sts.500121';
  const at = await sts.clock.now();
  const { traceId } = currentExchange();
  const ids = { sessionId: sts.random.uuid(), traceId };
  return stsJson(
    200,
    encodeSasAnswer({ request, result, code: entry?.code ?? 0, message: entry ? faultText(entry, {}) : null, retry, ...ids, at }),
  );
}
