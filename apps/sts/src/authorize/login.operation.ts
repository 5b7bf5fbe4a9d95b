import { currentExchange } from '@greenscreen/host/exchange';
import { Fault, faultText } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { EntraDevice } from '@greenscreen/model/directory';
import { type SignInFlow } from '@greenscreen/model/sts';
import { decodeForm, Form } from '@greenscreen/wire/oauth';
import { completeDeviceCode } from '../device-code/complete-device-code.js';
import { stsFaults } from '../sts.errors.js';
import { stsHtml } from '../sts-reply.js';
import { type StsServices } from '../sts-services.js';
import { authenticatePassword } from '../tenancy/password.js';
import { resolveSegment, tenantOfUpn } from '../tenancy/tenant-segment.js';
import { type UserAuthentication } from '../tokens/authentication.js';
import { recordSignIn, type SignIn } from '../tokens/sign-in-log.js';
import { answerAuthorize } from './authorize-answer.js';
import { type AuthorizeRequest, decodeAuthorizeRequest, decodeRedirectable } from './authorize-request.js';
import { redirectingFaults } from './authorize.operation.js';
import { openSession } from './session.store.js';
import { findFlow, signInPage } from './sign-in-flow.store.js';

/** `POST /common/login` (reference 02, 3.3): the page's form. A refusal shows the page again with its number in `sErrorCode`. */
export async function loginOperation(sts: StsServices, body: Buffer): Promise<Reply> {
  await sts.clock.now();
  const form = decodeForm(body);
  const flowToken = form.get('flowToken') ?? form.get('ctx');
  const flow = await findFlow(sts, flowToken);
  if (!flow || flowToken === undefined) throw new Fault('sts.50089');
  if (!flow.request) return completeDeviceCode(sts, flow, flowToken, form);
  const { request, target } = await pendingRequest(sts, flow);
  return redirectingFaults(target, async () => {
    const pending = await request();
    const login = await signIn(sts, flow, pending, form);
    return login instanceof Fault ? showAgain(sts, pending, flowToken, form, login) : login;
  });
}

/** The authorize request that the page was shown for, checked again: what it names may have changed since. */
async function pendingRequest(sts: StsServices, { request, tenantSegment }: SignInFlow) {
  const { 'x-version': version, ...parameters } = request ?? {};
  const form = new Form(Object.entries(parameters));
  const target = await decodeRedirectable(sts, version === '2' ? 2 : 1, tenantSegment, form);
  return { target, request: () => decodeAuthorizeRequest(sts, target) };
}

/** Windows OOBE sends `cxhflow=OOBE`, Settings `MOSET` (reference 02, 3.3 [trace]). */
const cxhflow = (): string | undefined => new URLSearchParams(currentExchange().path.split('?')[1] ?? '').get('cxhflow') ?? undefined;

async function signIn(sts: StsServices, flow: SignInFlow, request: AuthorizeRequest, form: Form): Promise<Reply | Fault> {
  const upn = form.get('login') ?? form.get('loginfmt') ?? '';
  const flowKind = cxhflow();
  const record: SignIn = {
    grant: 'interactive',
    appId: request.client.clientId,
    upn,
    ...(request.resource ? { resource: request.resource.audience } : {}),
    ...(flowKind === undefined ? {} : { cxhflow: flowKind }),
  };
  try {
    return await recordSignIn(sts, record, async () => {
      const authentication = await authenticate(sts, flow, request, upn, form.get('passwd') ?? '');
      record.userId = authentication.user.id;
      const now = authentication.authenticatedAt;
      return sts.transaction(async (em) => {
        const { session, cookie } = await openSession(em, authentication, flowKind, now, sts.random);
        return answerAuthorize(sts, em, request, { authentication, sessionId: session.sessionId, cookies: [cookie], now });
      });
    });
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

async function authenticate(
  sts: StsServices,
  flow: SignInFlow,
  request: AuthorizeRequest,
  upn: string,
  password: string,
): Promise<UserAuthentication> {
  const segment = await resolveSegment(sts.em, flow.tenantSegment);
  const tenant = await tenantOfUpn(sts.em, segment, upn);
  const user = await authenticatePassword(sts.em, tenant, upn, password);
  const device = flow.deviceObjectId === null ? null : await sts.em.findOneBy(EntraDevice, { objectId: flow.deviceObjectId });
  // The lab has no second factor to ask for: whoever knows the password passes it, and the token says so [our choice].
  const amr = ['pwd', ...(user.mfaRequired ? ['mfa'] : []), ...request.amrValues, ...(device ? ['rsa'] : [])];
  return { tenant, user, amr: [...new Set(amr)], authenticatedAt: await sts.clock.now(tenant.id), ...(device ? { device } : {}) };
}

async function showAgain(sts: StsServices, request: AuthorizeRequest, flowToken: string, form: Form, fault: Fault): Promise<Reply> {
  const entry = stsFaults[fault.code];
  if (!entry) throw fault;
  currentExchange().refusal = fault.code;
  const query = currentExchange().path.split('?')[1];
  const page = await signInPage(sts, {
    flowToken,
    loginHint: form.get('login') ?? request.loginHint,
    appName: request.client.displayName,
    error: { code: entry.code, text: faultText(entry, fault.detail) },
    query: query === undefined ? '' : `?${query}`,
  });
  return stsHtml(200, page);
}
