import { type Check, runChecks } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type DeviceIdentity } from '@greenscreen/host/identity';
import { type Reply } from '@greenscreen/host/reply';
import { DeviceCertificate, EntraDevice, ztdIdOf } from '@greenscreen/model/directory';
import { type EntityManager, IsNull } from 'typeorm';
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
    const device = await lockedDevice(em, state.identity);
    if (ztdIdOf(device) === undefined) await unregisterDevice(em, device, drs.change(now));
    else await clearDevice(em, device, drs.change(now), enabledAfterClear(tenant));
  });
  // What the id is of is unknown; a public tool reads it (reference 02, 13.2).
  return drsJson(200, { AttestationResult: { KeyId: drs.random.uuid() } });
}

/** Of two requests at once the second finds nothing; nor may one delete what a join has given another certificate in the meantime. */
async function lockedDevice(em: EntityManager, { device: { objectId }, thumbprint }: DeviceIdentity): Promise<EntraDevice> {
  const device = await em.findOne(EntraDevice, { where: { objectId }, lock: { mode: 'pessimistic_write' } });
  const bound = await em.existsBy(DeviceCertificate, { thumbprint, replacedAt: IsNull() });
  if (!device || device.state === 'deleted' || !bound) throw new Fault('drs.ClientCertificateUnknown');
  return device;
}
