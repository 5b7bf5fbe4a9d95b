import { type Check } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { AutopilotDevice } from '@greenscreen/model/autopilot';
import { DirectoryUser } from '@greenscreen/model/tenancy';
import { joinTypes } from '@greenscreen/wire/drs';
import { isMultiFactor } from '../token/multi-factor.js';
import { type JoinAttempt } from './join-attempt.js';
import { noteRegistration, requireTicket } from './tickets.js';

async function userIsKnown(attempt: JoinAttempt): Promise<void> {
  const { drs, claims, tenant } = attempt;
  const user = claims?.oid === undefined ? null : await drs.em.findOneBy(DirectoryUser, { id: claims.oid, tenantId: tenant.id });
  if (!user) throw new Fault('drs.InvalidToken');
  attempt.user = user;
  if (!user.accountEnabled) throw new Fault('drs.UserNotAllowed');
}

/** Device settings of the tenant: registration may be off altogether, joining is a question of who (reference 02, 14.3). */
function userMayJoin({ tenant, user, request }: JoinAttempt): void {
  const { usersMayJoin, usersMayRegister } = tenant.deviceSettings;
  const registers = request.joinType === joinTypes.register;
  const allowed = registers ? usersMayRegister : usersMayJoin;
  if (registers && allowed === 'none') throw new Fault('drs.JoinKindNotAllowed', { kind: 'Workplace' });
  if (allowed !== 'all' && !(Array.isArray(allowed) && user && allowed.includes(user.id))) throw new Fault('drs.UserNotAllowed');
}

function secondFactorWasUsed({ tenant, claims }: JoinAttempt): void {
  if (tenant.deviceSettings.mfaForJoin && !(claims && isMultiFactor(claims))) throw new Fault('drs.MfaRequired');
}

/** `MSA-DDID` leads to a registration of the user's tenant, or to none: Windows sends tickets of unregistered devices too (06 D-A25). */
async function ticketIsAcceptable(attempt: JoinAttempt): Promise<void> {
  const { drs, request, tenant } = attempt;
  const { userJoinTicket } = request.attributes;
  if (userJoinTicket === undefined || request.joinType === joinTypes.register) return;
  const ticket = await requireTicket(attempt, userJoinTicket);
  attempt.ticket = ticket;
  noteRegistration(attempt, await drs.em.findOneBy(AutopilotDevice, { ddid: ticket.ddid, tenantId: tenant.id }));
}

/** What a user's join has to pass before its object is sought (reference 02, 10.5 step 4; 06 D-A25). */
export const userChecks: readonly Check<JoinAttempt>[] = [userIsKnown, userMayJoin, secondFactorWasUsed, ticketIsAcceptable];
