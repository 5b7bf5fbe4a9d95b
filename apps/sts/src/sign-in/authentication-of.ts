import { EntraDevice } from '@greenscreen/model/directory';
import { type SignInFlow } from '@greenscreen/model/sts';
import { type DirectoryUser, type Tenant } from '@greenscreen/model/tenancy';
import { type StsServices } from '../sts-services.js';
import { type UserAuthentication } from '../tokens/authentication.js';
import { type PendingSignIn } from './pending-sign-in.js';

export interface SignedIn {
  readonly tenant: Tenant;
  readonly user: DirectoryUser;
  /** Whether a second factor was given, or taken as given. */
  readonly secondFactor: boolean;
  /** The first factor; a password unless said. */
  readonly methods?: readonly string[];
}

/**
 * Who has signed in at a page, and how. A client that wants a fresh second factor (`amr_values`) of a user who has none gets it for the
 * password: the lab has nothing else to ask for [our choice].
 */
export async function authenticationOf(
  { em, clock }: StsServices,
  { deviceObjectId }: SignInFlow,
  { amrValues }: PendingSignIn,
  { tenant, user, secondFactor, methods = ['pwd'] }: SignedIn,
): Promise<UserAuthentication> {
  const device = deviceObjectId === null ? null : await em.findOneBy(EntraDevice, { objectId: deviceObjectId });
  const amr = [...methods, ...(secondFactor ? ['mfa'] : []), ...amrValues, ...(device ? ['rsa'] : [])];
  return { tenant, user, amr: [...new Set(amr)], authenticatedAt: await clock.now(tenant.id), ...(device ? { device } : {}) };
}
