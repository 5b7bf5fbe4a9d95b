import { currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type DeviceTicket, DeviceTicketError, verifyDeviceTicket } from '@greenscreen/host/identity';
import { type AutopilotDevice } from '@greenscreen/model/autopilot';
import { Tenant } from '@greenscreen/model/tenancy';
import { noteRegistration, registrationsOf } from '../registration.js';
import { type ZtdServices } from '../ztd-services.js';
import { answerAs } from './answer-style.js';
import { ZTD_AUDIENCE } from './audience.js';

/** What every call of a device to this service starts with. */
export interface DeviceCall {
  readonly ztd: ZtdServices;
  readonly request: { readonly deviceToken?: string };
  ticket: DeviceTicket;
  now: Date;
  /** What the ticket leads to: one registration, unless the machine is unknown or cannot be told from another. */
  found: readonly AutopilotDevice[];
}

/** reference 01, 5.3 step 1. The time is that of the tenant whose registration the ticket leads to. */
export async function ticketIsValid(state: DeviceCall): Promise<void> {
  const { ztd, request } = state;
  state.now = await ztd.clock.now();
  if (request.deviceToken === undefined) throw new Fault('ztd.401');
  try {
    state.ticket = await verifyDeviceTicket(request.deviceToken, {
      authorities: ztd.authorities,
      audiences: [ZTD_AUDIENCE],
      now: async ({ ddid, ekh }) => {
        state.found = await registrationsOf(ztd.em, ddid, ekh);
        return (state.now = await ztd.clock.now(state.found[0]?.tenantId));
      },
    });
  } catch (error) {
    if (error instanceof DeviceTicketError) throw new Fault('ztd.401', {}, { cause: error });
    throw error;
  }
}

/** From here on it is known whose device this is. */
export async function adopt({ ztd }: Pick<DeviceCall, 'ztd'>, registration: AutopilotDevice): Promise<Tenant> {
  noteRegistration(registration);
  const tenant = await ztd.em.findOneByOrFail(Tenant, { id: registration.tenantId });
  answerAs(currentExchange(), tenant);
  return tenant;
}
