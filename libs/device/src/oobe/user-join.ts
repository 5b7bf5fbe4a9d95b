import { DeploymentError, NetworkError } from '../context/index.js';
import { createDeviceKeys, discoverRegistration, joinUser } from '../join/index.js';
import { requestDeviceTicket, serviceDisabled } from '../msa/index.js';
import { requestDrsUserToken, type UserSignIn } from '../token/index.js';
import { computerName } from './computer-name.js';
import { type Installation, required } from './installation.js';

/**
 * The join with the user's token (type 0). A PC that is registered for Autopilot shows a fresh device ticket as well, which leads to its
 * directory object (reference 05, U5; 06, D-A15); any other PC gets an object of its own (reference 02, 12.3).
 */
export async function joinWithUser(installation: Installation, signIn: UserSignIn): Promise<void> {
  const { context, profile } = installation;
  const domain = signIn.upn.split('@')[1] ?? '';
  installation.service = await discoverRegistration(context, domain);
  const token = await requestDrsUserToken(context, signIn);
  const ticket = profile?.ztdRegistrationId === undefined ? undefined : await ticketForJoin(installation);
  installation.registration = await joinUser(context, {
    service: installation.service,
    token: token.accessToken,
    tenantId: signIn.tenantId,
    domain,
    keys: await createDeviceKeys(context),
    user: { upn: signIn.upn },
    ticket,
    computerName: computerName(context),
  });
  installation.refreshToken = token.refreshToken;
}

/** Without a ticket the join goes on, and leads to another object (reference 05, 109). */
async function ticketForJoin({ context, identity }: Installation): Promise<string | undefined> {
  try {
    if (context.traits.wlidsvc === 'disabled') throw serviceDisabled();
    return await requestDeviceTicket(context, required(identity, 'device identity'), 'drs');
  } catch (error) {
    if (!(error instanceof DeploymentError) && !(error instanceof NetworkError)) throw error;
    context.timeline.note({ kind: 'local', what: `There is no device ticket: ${error.message}` });
    return undefined;
  }
}
