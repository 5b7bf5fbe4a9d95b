import { currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { redirect, type Reply } from '@greenscreen/host/reply';
import { type EntraDevice } from '@greenscreen/model/directory';
import { decodeForm, encodePKeyAuthLocation, type Form } from '@greenscreen/wire/oauth';
import { pkeyAuth, pkeyAuthChallenge } from '../pkeyauth/pkeyauth.js';
import { STS } from '../hosts.js';
import { stsHeaders, stsHtml } from '../sts-reply.js';
import { type StsServices } from '../sts-services.js';
import { type UserAuthentication } from '../tokens/authentication.js';
import { issueNonce } from '../tokens/nonce.store.js';
import { recordSignIn, type SignIn } from '../tokens/sign-in-log.js';
import { answerAuthorize } from './authorize-answer.js';
import { type AuthorizeRequest, decodeAuthorizeRequest, decodeRedirectable } from './authorize-request.js';
import { objectMoved, redirectingFaults } from './response-modes.js';
import { asksForSecondFactor } from '../second-factor/second-factor.store.js';
import { openFlow, signInPage } from '../sign-in/sign-in-flow.store.js';
import { findSession } from '../sign-in/session.store.js';
import { type SingleSignOn, singleSignOn } from './single-sign-on.js';

/** `GET|POST /{tenant}/oauth2[/v2.0]/authorize` (reference 02, section 3). */
export async function authorizeOperation(
  sts: StsServices,
  version: 1 | 2,
  tenantSegment: string,
  parameters: string | Buffer,
): Promise<Reply> {
  await sts.clock.now();
  const form = decodeForm(parameters);
  const target = await decodeRedirectable(sts, version, tenantSegment, form);
  return redirectingFaults(target, async () => {
    const request = await decodeAuthorizeRequest(sts, target);
    const signIn: SignIn = {
      grant: 'interactive',
      appId: request.client.clientId,
      ...(request.resource ? { resource: request.resource.audience } : {}),
    };
    const sso = await singleSignOn(sts, request.segment, signIn);
    if (sso.kind === 'nonce') return await askForNonce(sts, form);
    if (sso.kind === 'user' && !needsInteraction(request, sso.authentication)) {
      const now = await sts.clock.now(sso.authentication.tenant.id);
      const answer = { authentication: sso.authentication, sessionId: sts.random.uuid(), now };
      return await recordSignIn(sts, signIn, () => sts.transaction((em) => answerAuthorize(sts, em, request, answer)));
    }
    return (await fromSession(sts, request)) ?? (await withoutUser(sts, request, tenantSegment, sso, signIn));
  });
}

/** Whether somebody has to be asked although the browser is known. */
function needsInteraction({ prompt, loginHint, amrValues, segment }: AuthorizeRequest, { tenant, user, amr }: UserAuthentication): boolean {
  if (asksForSecondFactor(tenant, user) && !amr.includes('mfa')) return true;
  if (prompt === 'login' || prompt === 'select_account') return true;
  if (loginHint !== undefined && loginHint.toLowerCase() !== user.upn) return true;
  if (segment.tenant && segment.tenant.id !== tenant.id) return true;
  return amrValues.some((value) => !amr.includes(value));
}

async function fromSession(sts: StsServices, request: AuthorizeRequest): Promise<Reply | undefined> {
  const session = await findSession(sts);
  if (!session || needsInteraction(request, session.authentication)) return undefined;
  const { authentication, sessionId } = session;
  currentExchange().tenantId = authentication.tenant.id;
  const now = await sts.clock.now(authentication.tenant.id);
  return sts.transaction((em) => answerAuthorize(sts, em, request, { authentication, sessionId, now }));
}

/** Somebody has to sign in; before that a client that can tell its device by MS-PKAP does so (reference 02, 8.5; the moment is our choice). */
async function withoutUser(
  sts: StsServices,
  request: AuthorizeRequest,
  tenantSegment: string,
  sso: SingleSignOn,
  signIn: SignIn,
): Promise<Reply> {
  if (request.prompt === 'none') throw new Fault('sts.50058');
  if (sso.kind === 'device') return showPage(sts, request, tenantSegment, sso.device);
  const asked = await pkeyAuth(sts, request.segment, signIn);
  if (asked.kind === 'unasked') return askForDevice(sts, request);
  return showPage(sts, request, tenantSegment, asked.kind === 'device' ? asked.device : undefined);
}

async function askForDevice(sts: StsServices, { form, segment }: AuthorizeRequest): Promise<Reply> {
  const submitUrl = `${STS}${currentExchange().path.split('?')[0] ?? ''}?${new URLSearchParams(form.entries()).toString()}`;
  const location = encodePKeyAuthLocation(await pkeyAuthChallenge(sts, segment.tenant?.id, submitUrl));
  return redirect(location, objectMoved(location), stsHeaders());
}

async function showPage(
  sts: StsServices,
  request: AuthorizeRequest,
  tenantSegment: string,
  device: EntraDevice | undefined,
): Promise<Reply> {
  const flowToken = await openFlow(sts, {
    tenantSegment,
    request: { ...Object.fromEntries(request.form.entries()), 'x-version': String(request.version) },
    deviceObjectId: device?.objectId ?? null,
  });
  const { loginHint, client } = request;
  return stsHtml(200, await signInPage(sts, { flowToken, loginHint, appName: client.displayName }));
}

/** Back to the same address with a fresh nonce, which clients read from `Location` (reference 02, 3.4 [client]). */
async function askForNonce(sts: StsServices, form: Form): Promise<Reply> {
  const { path } = currentExchange();
  const query = new URLSearchParams(form.entries().filter(([name]) => name !== 'sso_nonce'));
  query.set('sso_nonce', await issueNonce(sts, null));
  const location = `${STS}${path.split('?')[0] ?? ''}?${query.toString()}`;
  return redirect(location, objectMoved(location), stsHeaders());
}
