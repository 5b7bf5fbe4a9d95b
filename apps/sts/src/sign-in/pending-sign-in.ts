import { type Reply } from '@greenscreen/host/reply';
import { type SignInFlow } from '@greenscreen/model/sts';
import { Form } from '@greenscreen/wire/oauth';
import { answerAuthorize } from '../authorize/authorize-answer.js';
import { decodeAuthorizeRequest, decodeRedirectable } from '../authorize/authorize-request.js';
import { redirectingFaults } from '../authorize/response-modes.js';
import { pendingDeviceCode } from '../device-code/pending-device-code.js';
import { type StsServices } from '../sts-services.js';
import { resolveSegment, type TenantSegment } from '../tenancy/tenant-segment.js';
import { type UserAuthentication } from '../tokens/authentication.js';
import { type SignIn } from '../tokens/sign-in-log.js';
import { openSession } from './session.store.js';

/** What a sign-in page is for: an authorize request, or the code of a device. */
export interface PendingSignIn {
  /** Whose sign-in it is, as the page tells it. */
  readonly appName: string;
  readonly loginHint: string | undefined;
  /** Where users may come from. */
  readonly segment: TenantSegment;
  /** Methods that the authentication has to show afresh: `ngcmfa`, `mfa`. */
  readonly amrValues: readonly string[];
  /** For the sign-in log. */
  readonly record: SignIn;
  /** What happens once the user has been authenticated. */
  readonly complete: (authentication: UserAuthentication, cxhflow: string | undefined) => Promise<Reply>;
}

/** Works on what a page is for. Where that is an authorize request, what nobody at the page can mend goes to the client. */
export async function withPendingSignIn(
  sts: StsServices,
  flow: SignInFlow,
  work: (pending: PendingSignIn) => Promise<Reply>,
): Promise<Reply> {
  if (!flow.request) return work(await pendingDeviceCode(sts, flow));
  const { 'x-version': version, ...parameters } = flow.request;
  const form = new Form(Object.entries(parameters));
  // Looked at again: what the request names may have changed since the page was shown.
  const target = await decodeRedirectable(sts, version === '2' ? 2 : 1, flow.tenantSegment, form);
  return redirectingFaults(target, async () => work(await pendingAuthorize(sts, flow, await decodeAuthorizeRequest(sts, target))));
}

async function pendingAuthorize(
  sts: StsServices,
  { tenantSegment }: SignInFlow,
  request: Awaited<ReturnType<typeof decodeAuthorizeRequest>>,
): Promise<PendingSignIn> {
  const { client, resource, loginHint, amrValues } = request;
  return {
    appName: client.displayName,
    loginHint,
    segment: await resolveSegment(sts.em, tenantSegment),
    amrValues,
    record: { grant: 'interactive', appId: client.clientId, ...(resource ? { resource: resource.audience } : {}) },
    complete: (authentication, cxhflow) => {
      const now = authentication.authenticatedAt;
      return sts.transaction(async (em) => {
        const { session, cookie } = await openSession(em, authentication, cxhflow, now, sts.random);
        return answerAuthorize(sts, em, request, { authentication, sessionId: session.sessionId, cookies: [cookie], now });
      });
    },
  };
}
