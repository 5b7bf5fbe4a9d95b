import { currentExchange } from '@greenscreen/host/exchange';
import { Fault, faultText } from '@greenscreen/host/faults';
import { SignInLog } from '@greenscreen/model/sts';
import { clientAddress } from '../claims/common-claims.js';
import { aadstsOf, stsFaults } from '../sts.errors.js';
import { type StsServices } from '../sts-services.js';

/** What is learned of a sign-in while it is worked on. */
export interface SignIn {
  /** `grant_type`, the inner one of a signed request, or `interactive`. */
  grant: string;
  appId?: string;
  resource?: string;
  userId?: string;
  upn?: string;
  deviceId?: string;
  cxhflow?: string;
}

/** Writes the sign-in's row, for success or with the refusal's number. A request whose tenant never became known leaves none. */
export async function logSignIn({ em, clock, random }: StsServices, signIn: SignIn, refusal?: Fault): Promise<void> {
  const exchange = currentExchange();
  if (!exchange.tenantId) return;
  const entry = refusal && stsFaults[refusal.code];
  await em.insert(SignInLog, {
    id: random.uuid(),
    tenantId: exchange.tenantId,
    createdAt: await clock.now(exchange.tenantId),
    grant: signIn.grant,
    userId: signIn.userId ?? null,
    userPrincipalName: signIn.upn ?? '',
    appId: signIn.appId ?? '',
    resource: signIn.resource ?? '',
    deviceId: signIn.deviceId ?? null,
    errorCode: refusal ? aadstsOf(refusal.code) : 0,
    failureReason: entry ? faultText(entry, refusal.detail) : '',
    ipAddress: clientAddress(),
    correlationId: exchange.clientRequestId ?? exchange.traceId,
    cxhflow: signIn.cxhflow ?? null,
  });
}

/** Runs a sign-in and records how it ended. */
export async function recordSignIn<T>(sts: StsServices, signIn: SignIn, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    await logSignIn(sts, signIn);
    return result;
  } catch (error) {
    if (error instanceof Fault) await logSignIn(sts, signIn, error);
    throw error;
  }
}
