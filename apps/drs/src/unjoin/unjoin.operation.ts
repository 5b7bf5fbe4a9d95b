import { type Check, runChecks } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { EntraDevice, ztdIdOf } from '@greenscreen/model/directory';
import { type EntityManager } from 'typeorm';
import { type DrsServices } from '../drs-services.js';
import { drsJson } from '../drs-reply.js';
import { deleteClearsAutopilotDevice, enabledAfterClear } from '../drs-switches.js';
import { AuthenticatedDevice, deviceCertificateChecks, type DeviceRequest } from '../token/device-certificate.checks.js';
import { clearDevice, unregisterDevice } from './remove-device.js';

function deviceIsNotRegisteredForAutopilot({ identity, tenant }: AuthenticatedDevice): void {
  if (ztdIdOf(identity.device) !== undefined && !deleteClearsAutopilotDevice(tenant)) throw new Fault('drs.DeviceIsAutopilotRegistered');
}

/** In the order of reference 06, D-A35. */
const unjoinChecks: readonly Check<AuthenticatedDevice>[] = [...deviceCertificateChecks, deviceIsNotRegisteredForAutopilot];

/** `DELETE` with the device certificate (reference 02, 13.2; design 4.1). */
export async function unjoinOperation(drs: DrsServices, request: DeviceRequest): Promise<Reply> {
  const state = new AuthenticatedDevice(drs, request);
  await runChecks(state, unjoinChecks);
  const { tenant, now } = state;
  await drs.transaction(async (em) => {
    const device = await lockedDevice(em, state.identity.device.objectId);
    if (ztdIdOf(device) === undefined) await unregisterDevice(em, device, drs.change(now));
    else await clearDevice(em, device, drs.change(now), enabledAfterClear(tenant));
  });
  // What the id is of is unknown; a public tool reads it (reference 02, 13.2).
  return drsJson(200, { AttestationResult: { KeyId: drs.random.uuid() } });
}

/** Of two requests at once the second finds nothing. */
async function lockedDevice(em: EntityManager, objectId: string): Promise<EntraDevice> {
  const device = await em.findOne(EntraDevice, { where: { objectId }, lock: { mode: 'pessimistic_write' } });
  if (!device || device.state === 'deleted') throw new Fault('drs.ClientCertificateUnknown');
  return device;
}
