import { Fault } from '@greenscreen/host/faults';
import { DirectoryUser, Tenant, verifyPassword } from '@greenscreen/model/tenancy';
import { type MdmServices } from '../../mdm-services.js';
import { type Principal } from './principal.js';

/** A user of the directory by name and password: AuthPolicy OnPremise, and the web sign-in. Any failure is `s:Authentication`. */
export async function authenticatePassword(
  mdm: MdmServices,
  { username, password }: { readonly username: string; readonly password: string },
): Promise<Principal & { readonly user: DirectoryUser }> {
  const user = await mdm.em.findOneBy(DirectoryUser, { upn: username.trim().toLowerCase() });
  const tenant = user && (await mdm.em.findOneBy(Tenant, { id: user.tenantId }));
  if (!user || !tenant || !(await verifyPassword(password, user.passwordHash))) throw new Fault('mdm.Authentication');
  if (!user.accountEnabled) throw new Fault('mdm.Authorization');
  return { tenant, user };
}
