import { type PresentedCertificate } from '@greenscreen/host/client-certificate';
import { type Check, currentExchange, runChecks } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { DeviceCertificateError, type DeviceIdentity, identifyDevice } from '@greenscreen/host/identity';
import { type Reply } from '@greenscreen/host/reply';
import { EntraDevice, ztdIdOf } from '@greenscreen/model/directory';
import { Tenant } from '@greenscreen/model/tenancy';
import { type EntityManager } from 'typeorm';
import { type DrsServices } from '../drs-services.js';
import { drsJson } from '../drs-reply.js';
import { deleteClearsAutopilotDevice, enabledAfterClear } from '../drs-switches.js';
import { clearDevice, unregisterDevice } from './remove-device.js';

/** A device's request to be removed, as far as it has been checked. */
class Unjoin {
  identity: DeviceIdentity;
  tenant: Tenant;
  now: Date;

  constructor(
    readonly drs: DrsServices,
    readonly presented: PresentedCertificate | undefined,
    /** Of the path. */
    readonly deviceId: string,
  ) {}
}

async function certificateIsPresented({ drs, presented }: Unjoin): Promise<void> {
  if (presented) return;
  await drs.clock.now();
  throw new Fault('drs.ClientCertificateMissing');
}

async function certificateIsBound(state: Unjoin): Promise<void> {
  const { drs, presented } = state;
  try {
    const { em, authorities, clock } = drs;
    state.identity = await identifyDevice(presented?.der ?? Buffer.alloc(0), { em, authorities, now: (tenantId) => clock.now(tenantId) });
  } catch (error) {
    if (error instanceof DeviceCertificateError) throw new Fault('drs.ClientCertificateUnknown', {}, { cause: error });
    throw error;
  }
  const { device } = state.identity;
  state.tenant = await drs.em.findOneByOrFail(Tenant, { id: device.tenantId });
  state.now = await drs.clock.now(device.tenantId);
  Object.assign(currentExchange(), { tenantId: device.tenantId, deviceId: device.deviceId });
}

function deviceIsThePaths({ identity, deviceId }: Unjoin): void {
  if (identity.device.deviceId !== deviceId.toLowerCase()) throw new Fault('drs.ClientCertificateOfAnotherDevice');
}

function deviceIsNotDisabledByAnAdministrator({ identity }: Unjoin): void {
  if (identity.device.disabledBy === 'admin') throw new Fault('drs.DeviceDisabled');
}

function deviceIsNotRegisteredForAutopilot({ identity, tenant }: Unjoin): void {
  if (ztdIdOf(identity.device) !== undefined && !deleteClearsAutopilotDevice(tenant)) throw new Fault('drs.DeviceIsAutopilotRegistered');
}

/** In the order of reference 06, D-A35. */
const unjoinChecks: readonly Check<Unjoin>[] = [
  certificateIsPresented,
  certificateIsBound,
  deviceIsThePaths,
  deviceIsNotDisabledByAnAdministrator,
  deviceIsNotRegisteredForAutopilot,
];

/** `DELETE` with the device certificate (reference 02, 13.2; design 4.1). */
export async function unjoinOperation(drs: DrsServices, presented: PresentedCertificate | undefined, deviceId: string): Promise<Reply> {
  const state = new Unjoin(drs, presented, deviceId);
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
