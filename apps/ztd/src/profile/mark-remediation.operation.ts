import { type Check, currentExchange, runChecks } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type DeviceTicket } from '@greenscreen/host/identity';
import { type Reply } from '@greenscreen/host/reply';
import { AutopilotDevice } from '@greenscreen/model/autopilot';
import { decodeProfileRequest, decodeRemediationData, decodeRemediationRequest, type HardwareMismatch } from '@greenscreen/wire/ztd';
import { type ZtdServices } from '../ztd-services.js';
import { readHardwareHash, registrationBeforeBoardSwap } from './presented-hardware.js';
import { adopt, ticketIsValid } from './registered-device.checks.js';
import { ztdJson } from './ztd-reply.js';

/** A device's report that its hardware is no longer the registered one. */
class RemediationReport {
  readonly request: { readonly deviceToken?: string };
  ticket: DeviceTicket;
  now: Date;
  found: readonly AutopilotDevice[];
  /** As sent: the MDM reads the same value from the device and compares. */
  data: string;
  mismatch: HardwareMismatch;
  registration: AutopilotDevice;

  constructor(
    readonly ztd: ZtdServices,
    readonly body: Buffer,
  ) {
    this.request = decodeProfileRequest(currentExchange().headers);
  }
}

function reportIsReadable(state: RemediationReport): void {
  const data = decodeRemediationRequest(state.body);
  const mismatch = data === undefined ? undefined : decodeRemediationData(data);
  if (data === undefined || !mismatch) throw new Fault('ztd.801');
  state.data = data;
  state.mismatch = mismatch;
}

/** By the ticket; a new board has a new DDID, and then the hashes say which machine it was built into. */
async function deviceIsRegistered(state: RemediationReport): Promise<void> {
  const { ztd, found, mismatch } = state;
  if (found.length > 1) throw new Fault('ztd.813');
  const registration = found[0] ?? (await registrationOfHashes(ztd, mismatch));
  if (!registration) throw new Fault('ztd.807');
  state.registration = registration;
  await adopt(state, registration);
  state.now = await ztd.clock.now(registration.tenantId);
}

async function registrationOfHashes(
  { em }: ZtdServices,
  { cachedHardwareBlob, currentHardwareBlob }: HardwareMismatch,
): Promise<AutopilotDevice | undefined> {
  const cached = cachedHardwareBlob === '' ? undefined : readHardwareHash(cachedHardwareBlob);
  const former = cached?.ekHash ? await em.findOneBy(AutopilotDevice, { ekHash: cached.ekHash }) : null;
  if (former) return former;
  const current = readHardwareHash(currentHardwareBlob);
  return current && registrationBeforeBoardSwap(em, current);
}

const remediationChecks: readonly Check<RemediationReport>[] = [ticketIsValid, reportIsReadable, deviceIsRegistered];

/** `UpdateDeviceHardwareMismatchRemediationState` (reference 01, 5.6): kept until the MDM has read the same data from the device. */
export async function markRemediationOperation(ztd: ZtdServices, body: Buffer): Promise<Reply> {
  const state = new RemediationReport(ztd, body);
  await runChecks(state, remediationChecks);
  const { registration, data, now } = state;
  const remediationState = 'automaticRemediationRequired';
  await ztd.em.update(AutopilotDevice, { ztdId: registration.ztdId }, { remediationState, remediationStateAt: now, remediationData: data });
  return ztdJson(200, { RemediationState: remediationState });
}
