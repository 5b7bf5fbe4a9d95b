import { type PresentedCertificate } from '@greenscreen/host/client-certificate';
import { type Check, currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { DeviceCertificateError, type DeviceIdentity, identifyDevice } from '@greenscreen/host/identity';
import { Tenant } from '@greenscreen/model/tenancy';
import { type DrsServices } from '../drs-services.js';

/** What a request under a device certificate brings. */
export interface DeviceRequest {
  readonly presented: PresentedCertificate | undefined;
  /** Of the path. */
  readonly deviceId: string;
}

/** A request under a device certificate, as far as it has been checked. */
export class AuthenticatedDevice {
  identity: DeviceIdentity;
  tenant: Tenant;
  now: Date;

  constructor(
    readonly drs: DrsServices,
    readonly request: DeviceRequest,
  ) {}
}

async function certificateIsPresented({ drs, request }: AuthenticatedDevice): Promise<void> {
  if (request.presented) return;
  await drs.clock.now();
  throw new Fault('drs.ClientCertificateMissing');
}

async function certificateIsBound(state: AuthenticatedDevice): Promise<void> {
  const { em, authorities, clock } = state.drs;
  try {
    const der = state.request.presented?.der ?? Buffer.alloc(0);
    state.identity = await identifyDevice(der, { em, authorities, now: (tenantId) => clock.now(tenantId) });
  } catch (error) {
    if (error instanceof DeviceCertificateError) throw new Fault('drs.ClientCertificateUnknown', {}, { cause: error });
    throw error;
  }
  const { device } = state.identity;
  state.tenant = await em.findOneByOrFail(Tenant, { id: device.tenantId });
  state.now = await clock.now(device.tenantId);
  Object.assign(currentExchange(), { tenantId: device.tenantId, deviceId: device.deviceId });
}

function deviceIsThePaths({ identity, request }: AuthenticatedDevice): void {
  if (identity.device.deviceId !== request.deviceId.toLowerCase()) throw new Fault('drs.ClientCertificateOfAnotherDevice');
}

function deviceIsNotDisabledByAnAdministrator({ identity }: AuthenticatedDevice): void {
  if (identity.device.disabledBy === 'admin') throw new Fault('drs.DeviceDisabled');
}

/** What every request under a device certificate has to pass, in the order of reference 06, D-A35. */
export const deviceCertificateChecks: readonly Check<AuthenticatedDevice>[] = [
  certificateIsPresented,
  certificateIsBound,
  deviceIsThePaths,
  deviceIsNotDisabledByAnAdministrator,
];
