import { currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type DeviceTicket, DeviceTicketError, entraTicketAudiences, verifyDeviceTicket } from '@greenscreen/host/identity';
import { type AutopilotDevice } from '@greenscreen/model/autopilot';
import { type JoinAttempt } from './join-attempt.js';

/** A ticket that came with a join: expired ones say so, foreign and damaged ones lead to no device (reference 06, D-A25). */
export async function requireTicket({ drs, now }: JoinAttempt, text: string): Promise<DeviceTicket> {
  try {
    return await verifyDeviceTicket(text, { authorities: drs.authorities, audiences: entraTicketAudiences, now });
  } catch (error) {
    if (!(error instanceof DeviceTicketError)) throw error;
    throw new Fault(error.problem === 'expired' ? 'drs.InvalidTicket' : 'drs.DeviceNotFound', {}, { cause: error });
  }
}

/** Notes which registration a join is about, for the journal as well. */
export function noteRegistration(attempt: JoinAttempt, registration: AutopilotDevice | null): void {
  attempt.registration = registration ?? undefined;
  if (registration) currentExchange().serial = registration.serialNumber;
}
