import { currentExchange } from '@greenscreen/host/exchange';
import { type Random } from '@greenscreen/host/random';
import { EntraDevice } from '@greenscreen/model/directory';
import { SignInSession } from '@greenscreen/model/sts';
import { DirectoryUser, Tenant } from '@greenscreen/model/tenancy';
import { type EntityManager } from 'typeorm';
import { type StsServices } from '../sts-services.js';
import { type UserAuthentication } from '../tokens/authentication.js';
import { secretHash } from '../tokens/secret-hash.js';

const COOKIE = 'ESTSAUTH';
const LIFETIME_MS = 24 * 3_600_000;

/** A cookie of the request by name, without regard to case; values as sent. */
export function cookieOf(name: RegExp): string | undefined {
  const pairs = (currentExchange().headers.cookie ?? '').split(';').map((pair) => pair.trim().split(/=(.*)/s));
  return pairs.find(([key]) => key !== undefined && name.test(key))?.[1];
}

export interface BrowserSession {
  /** `session_state` of answers. */
  readonly sessionId: string;
  readonly authentication: UserAuthentication;
}

/** Remembers that a browser has signed in. Returns the session and the cookie to set. */
export async function openSession(
  em: EntityManager,
  authentication: UserAuthentication,
  cxhflow: string | undefined,
  now: Date,
  random: Random,
): Promise<{ session: BrowserSession; cookie: string }> {
  const token = random.token(48);
  const sessionId = random.uuid();
  const { tenant, user, amr, authenticatedAt, device } = authentication;
  await em.insert(SignInSession, {
    hash: secretHash(token),
    sessionId,
    tenantId: tenant.id,
    userId: user.id,
    deviceObjectId: device?.objectId ?? null,
    amr: [...amr],
    cxhflow: cxhflow ?? null,
    authenticatedAt,
    expiresAt: new Date(now.getTime() + LIFETIME_MS),
  });
  return { session: { sessionId, authentication }, cookie: `${COOKIE}=${token}; Path=/; Secure; HttpOnly; SameSite=None` };
}

/** Forgets the session of the request's cookie. Returns the cookie that takes its place. */
export async function endSession({ em }: StsServices): Promise<string> {
  const token = cookieOf(/^ESTSAUTH$/i);
  if (token) await em.delete(SignInSession, { hash: secretHash(token) });
  return `${COOKIE}=; Path=/; Secure; HttpOnly; SameSite=None; Expires=Thu, 01 Jan 1970 00:00:00 GMT`;
}

/** The session of the request's cookie, if it still stands and its user and device may still sign in. */
export async function findSession({ em, clock }: StsServices): Promise<BrowserSession | undefined> {
  const token = cookieOf(/^ESTSAUTH$/i);
  const row = token && (await em.findOneBy(SignInSession, { hash: secretHash(token) }));
  if (!row || (await clock.now(row.tenantId)) >= row.expiresAt) return undefined;
  const [tenant, user] = await Promise.all([
    em.findOneBy(Tenant, { id: row.tenantId }),
    em.findOneBy(DirectoryUser, { id: row.userId, accountEnabled: true }),
  ]);
  const device = row.deviceObjectId === null ? null : await em.findOneBy(EntraDevice, { objectId: row.deviceObjectId });
  if (!tenant || !user || (row.deviceObjectId !== null && (!device || device.state === 'deleted' || !device.accountEnabled)))
    return undefined;
  const authentication = { tenant, user, amr: row.amr, authenticatedAt: row.authenticatedAt, ...(device ? { device } : {}) };
  return { sessionId: row.sessionId, authentication };
}
