import { type Check, currentExchange, type Exchange, runChecks } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { AccessTokenError, type AccessTokenProblem, verifyAccessToken } from '@greenscreen/host/identity';
import { countRequest } from '@greenscreen/model/autopilot';
import { switchOf, Tenant } from '@greenscreen/model/tenancy';
import { graphAudiences } from '@greenscreen/wire/graph';
import { type AccessTokenClaims } from '@greenscreen/wire/oauth';
import { type GraphServices } from '../graph-services.js';
import { GraphRequest } from './graph-request.js';
import { type Permission } from './permissions.js';

/** What the checks learn. */
class Opening {
  token = '';
  claims: AccessTokenClaims | undefined;
  tenant: Tenant | undefined;
  now: Date | undefined;

  constructor(
    readonly graph: GraphServices,
    readonly permission: Permission,
    readonly audiences: readonly string[],
    readonly exchange: Exchange,
  ) {}
}

/** `Bearer <jwt>` or the bare token, as one client sends it (reference 01, 3.1). */
function tokenIsPresent(state: Opening): void {
  const header = state.exchange.headers.authorization?.trim() ?? '';
  state.token = header.replace(/^Bearer\s+/i, '');
  if (state.token === '') throw new Fault('graph.NoToken');
}

const reasons: Readonly<Record<AccessTokenProblem, string>> = {
  malformed: 'IDX14100: JWT is not well formed.',
  algorithm: 'Invalid signature algorithm.',
  signature: 'Invalid signature.',
  audience: 'Invalid audience.',
  issuer: 'Invalid issuer.',
  tenant: 'Invalid tenant.',
  expired: 'Lifetime validation failed, the token is expired.',
  not_yet_valid: 'Lifetime validation failed, the token is not yet valid.',
};

async function tokenIsValid(state: Opening): Promise<void> {
  const { graph, audiences, token } = state;
  try {
    const readTime = async (tenantId: string): Promise<Date> => (state.now = await graph.clock.now(tenantId));
    state.claims = await verifyAccessToken(token, { authorities: graph.authorities, audiences, now: readTime });
  } catch (error) {
    if (error instanceof AccessTokenError) throw new Fault('graph.InvalidAuthenticationToken', { reason: reasons[error.problem] });
    throw error;
  }
}

async function tenantIsKnown(state: Opening): Promise<void> {
  const tenant = state.claims && (await state.graph.em.findOneBy(Tenant, { id: state.claims.tid }));
  if (!tenant) throw new Fault('graph.InvalidAuthenticationToken', { reason: 'The tenant does not exist.' });
  state.tenant = tenant;
  state.exchange.tenantId = tenant.id;
}

const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10';

/** Applications by `roles`; people by `scp` and, for what only administrators may do, a directory role [our choice: Global Administrator]. */
function permissionIsGranted({ claims, permission: { anyOf, administrator } }: Opening): void {
  const granted = claims?.kind === 'user' ? claims.scp : (claims?.roles ?? []);
  const hasScope = anyOf.length === 0 || anyOf.some((name) => granted.some((other) => other.toLowerCase() === name.toLowerCase()));
  const hasRole = claims?.kind !== 'user' || !administrator || claims.wids.includes(GLOBAL_ADMINISTRATOR);
  if (!hasScope || !hasRole) throw new Fault('graph.Forbidden', { scopes: anyOf.join(', ') });
}

/** Every so many requests of a tenant one is too many (switch `graph.throttleEvery`); counted for all replicas together. */
async function requestIsNotThrottled({ graph, tenant }: Opening): Promise<void> {
  const every = switchOf(tenant, 'graph.throttleEvery', 0);
  if (!tenant || every < 1) return;
  if ((await countRequest(graph.em, tenant.id)) % every === 0)
    throw new Fault('graph.TooManyRequests', { retryAfter: switchOf(tenant, 'graph.throttleRetryAfterSec', 5) });
}

const openingChecks: readonly Check<Opening>[] = [tokenIsPresent, tokenIsValid, tenantIsKnown, permissionIsGranted, requestIsNotThrottled];

/** Lets a caller in who may do what `permission` says. */
export async function openRequest(
  graph: GraphServices,
  permission: Permission,
  audiences: readonly string[] = graphAudiences,
): Promise<GraphRequest> {
  const state = new Opening(graph, permission, audiences, currentExchange());
  await runChecks(state, openingChecks);
  const { claims, tenant, now } = state;
  if (!claims || !tenant || !now) throw new Error('The checks of a request let it pass without a caller');
  return new GraphRequest(graph, claims, tenant, now);
}
