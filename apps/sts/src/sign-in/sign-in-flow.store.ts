import { Fault } from '@greenscreen/host/faults';
import { SignInFlow } from '@greenscreen/model/sts';
import { type StsServices } from '../sts-services.js';
import { issueNonce } from '../tokens/nonce.store.js';
import { secretHash } from '../tokens/secret-hash.js';
import { type PageError, renderSignInPage } from './sign-in-page.js';

/** A sign-in page older than this has to be loaded again (AADSTS50089). */
const LIFETIME_MS = 3_600_000;

export interface FlowInput {
  readonly tenantSegment: string;
  readonly request: Record<string, string> | null;
  readonly userCode?: string | null;
  readonly deviceObjectId?: string | null;
}

/** Remembers what a sign-in page is for. Returns its flow token. */
export async function openFlow({ em, clock, random }: StsServices, input: FlowInput): Promise<string> {
  const token = random.token(48);
  await em.insert(SignInFlow, {
    hash: secretHash(token),
    tenantSegment: input.tenantSegment,
    request: input.request,
    userCode: input.userCode ?? null,
    deviceObjectId: input.deviceObjectId ?? null,
    createdAt: await clock.now(),
  });
  return token;
}

/** What the page of a flow token is for; AADSTS50089 when nobody was shown one, or too long ago. */
export async function requireFlow({ em, clock }: StsServices, token: string | undefined): Promise<{ flow: SignInFlow; flowToken: string }> {
  const row = token === undefined ? null : await em.findOneBy(SignInFlow, { hash: secretHash(token) });
  if (!row || token === undefined || (await clock.now()).getTime() - row.createdAt.getTime() > LIFETIME_MS) throw new Fault('sts.50089');
  return { flow: row, flowToken: token };
}

export interface PageInput {
  readonly flowToken: string;
  readonly loginHint?: string | undefined;
  readonly appName: string;
  readonly error?: PageError | undefined;
  readonly query?: string | undefined;
}

/** The HTML of a sign-in page with fresh random members. */
export async function signInPage(sts: StsServices, { flowToken, loginHint, appName, error, query }: PageInput): Promise<string> {
  return renderSignInPage({
    flowToken,
    sessionId: sts.random.uuid(),
    canary: sts.random.token(24),
    apiCanary: sts.random.token(24),
    nonce: await issueNonce(sts, null),
    loginHint: loginHint ?? '',
    appName,
    error,
    query: query ?? '',
  });
}
