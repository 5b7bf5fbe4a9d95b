import { createHash } from 'node:crypto';
import { Fault } from '@greenscreen/host/faults';
import { type EnrollmentTokenPurpose, MdmEnrollmentToken } from '@greenscreen/model/mdm-enrollment';
import { DirectoryUser, Tenant } from '@greenscreen/model/tenancy';
import { type MdmServices } from '../../mdm-services.js';
import { type Principal } from './principal.js';

/** Time between the web sign-in and the enrollment [our choice]. */
const LIFETIME_MS = 3_600_000;

const hashOf = (token: string): string => createHash('sha256').update(token, 'utf8').digest('hex');

/** A token for `wresult`, or for IWService: opaque to the client, which sends it back. */
export async function issueEnrollmentToken(
  mdm: MdmServices,
  user: DirectoryUser,
  purpose: EnrollmentTokenPurpose = 'enrollment',
): Promise<string> {
  const token = mdm.random.token();
  const now = await mdm.clock.now(user.tenantId);
  await mdm.em.insert(MdmEnrollmentToken, {
    hash: hashOf(token),
    tenantId: user.tenantId,
    userId: user.id,
    purpose,
    expiresAt: new Date(now.getTime() + LIFETIME_MS),
  });
  return token;
}

/** The user who signed in for a token. It serves GetPolicies and RequestSecurityToken, so it is not used up. */
export async function redeemEnrollmentToken(
  mdm: MdmServices,
  token: string,
  purpose: EnrollmentTokenPurpose = 'enrollment',
): Promise<Principal & { readonly user: DirectoryUser }> {
  const row = await mdm.em.findOneBy(MdmEnrollmentToken, { hash: hashOf(token), purpose });
  const tenant = row && (await mdm.em.findOneBy(Tenant, { id: row.tenantId }));
  const user = row && (await mdm.em.findOneBy(DirectoryUser, { id: row.userId }));
  if (!row || !tenant || user?.accountEnabled !== true) throw new Fault('mdm.Authentication');
  if ((await mdm.clock.now(tenant.id)) >= row.expiresAt) throw new Fault('mdm.Authentication');
  return { tenant, user };
}
