import { joinTypes } from '@greenscreen/wire/drs';
import { DeploymentError, type DeviceContext, NetworkError } from '../context/index.js';
import { createDeviceKeys, discoverRegistration, joinUser } from '../join/index.js';
import { type DeviceIdentity, requestDeviceTicket, serviceDisabled } from '../msa/index.js';
import { requestDrsUserToken, type UserSignIn } from '../token/index.js';
import { computerName } from './computer-name.js';
import { type Installation } from './installation.js';

/**
 * The join with the user's token: type 0 with a fresh device ticket, which leads a PC that is registered for Autopilot to its directory object
 * and any other to an object of its own (reference 05, U5; 06, D-A15, D-A25), or type 4, which registers a personal device.
 */
export async function joinWithUser(installation: Installation, signIn: UserSignIn, joinType: number = joinTypes.entraJoin): Promise<void> {
  const { context, identity } = installation;
  const domain = signIn.upn.split('@')[1] ?? '';
  installation.service = await discoverRegistration(context, domain);
  const token = await requestDrsUserToken(context, signIn);
  const ticket = identity && joinType === joinTypes.entraJoin ? await ticketForJoin(context, identity) : undefined;
  installation.registration = await joinUser(context, {
    service: installation.service,
    token: token.accessToken,
    tenantId: signIn.tenantId,
    domain,
    keys: await createDeviceKeys(context),
    user: { upn: signIn.upn },
    ticket,
    joinType,
    computerName: computerName(context),
  });
  installation.refreshToken = token.refreshToken;
}

/** Without a ticket the join goes on, and leads to another object (reference 05, 109). */
async function ticketForJoin(context: DeviceContext, identity: DeviceIdentity): Promise<string | undefined> {
  try {
    if (context.traits.wlidsvc === 'disabled') throw serviceDisabled();
    return await requestDeviceTicket(context, identity, 'drs');
  } catch (error) {
    if (!(error instanceof DeploymentError) && !(error instanceof NetworkError)) throw error;
    context.timeline.note({ kind: 'local', what: `There is no device ticket: ${error.message}` });
    return undefined;
  }
}
