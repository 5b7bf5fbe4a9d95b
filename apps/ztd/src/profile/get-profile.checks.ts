import { type Check } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { AutopilotDevice, DeploymentProfile, settleAssignments } from '@greenscreen/model/autopilot';
import { readHardwareHash, registrationBeforeBoardSwap } from './presented-hardware.js';
import { type ProfileLookup } from './profile-lookup.js';
import { adopt, ticketIsValid } from './registered-device.checks.js';

/**
 * The DDID leads to a registration. One that does not may be a new board in a registered machine, which is told apart from a machine that
 * nobody knows (06, D-A63).
 */
async function deviceIsRegistered(state: ProfileLookup): Promise<void> {
  const { ztd, found, request } = state;
  if (found.length > 1) throw new Fault('ztd.813');
  const [registration] = found;
  if (registration) {
    state.tenant = await adopt(state, registration);
    state.registration = await settled(state, registration);
    return;
  }
  const presented = request.hardwareHash === undefined ? undefined : readHardwareHash(request.hardwareHash);
  const swapped = presented && (await registrationBeforeBoardSwap(ztd.em, presented));
  if (!swapped) throw new Fault('ztd.807');
  state.registration = swapped;
  state.tenant = await adopt(state, swapped);
  state.now = await ztd.clock.now(swapped.tenantId);
  throw new Fault('ztd.908');
}

/** With an assignment whose time has come while nobody looked. */
async function settled({ ztd, now }: ProfileLookup, registration: AutopilotDevice): Promise<AutopilotDevice> {
  if (registration.assignmentStatus !== 'pending') return registration;
  await settleAssignments(ztd.em, registration.tenantId, now);
  return ztd.em.findOneByOrFail(AutopilotDevice, { ztdId: registration.ztdId });
}

function hardwareHashIsReadable(state: ProfileLookup): void {
  const { request, tenant } = state;
  if (request.hardwareHash === undefined) return;
  state.presented = readHardwareHash(request.hardwareHash, tenant);
  if (!state.presented) throw new Fault('ztd.802');
}

/** The ticket says which machine this is, the hash whether it is still the same hardware. What else the hash holds is not compared (01, 5.3). */
function endorsementKeyIsTheRegisteredOne({ presented, registration }: ProfileLookup): void {
  if (!presented || presented.ekHash === null || registration.ekHash === null) return;
  if (presented.ekHash !== registration.ekHash) throw new Fault('ztd.908');
}

function serialNumberIsTheRegisteredOne({ presented, registration }: ProfileLookup): void {
  if (!presented || presented.serialNumber === '') return;
  if (presented.serialNumber !== registration.serialNumber) throw new Fault('ztd.908');
}

/** Only where both sides have one (06, D-A63). */
function productKeyIsTheRegisteredOne({ presented, registration }: ProfileLookup): void {
  if (!presented || presented.productKeyId === '' || registration.productKey === '') return;
  if (presented.productKeyId !== registration.productKey) throw new Fault('ztd.908.productKey');
}

async function assignedProfileExists(state: ProfileLookup): Promise<void> {
  const { ztd, registration } = state;
  if (registration.profileId === null) return;
  const profile = await ztd.em.findOneBy(DeploymentProfile, { id: registration.profileId, tenantId: registration.tenantId });
  if (!profile) throw new Fault('ztd.809');
  state.profile = profile;
}

/** Without an assignment the tenant's default applies (reference 01, 5.3 step 4). */
async function someProfileApplies(state: ProfileLookup): Promise<void> {
  const { ztd, registration, tenant } = state;
  if (registration.profileId !== null) return;
  const profile =
    tenant.defaultProfileId === null
      ? null
      : await ztd.em.findOneBy(DeploymentProfile, { id: tenant.defaultProfileId, tenantId: tenant.id });
  if (!profile) throw new Fault('ztd.815');
  state.profile = profile;
}

/** reference 01, 5.3, as 06, D-A63 has it. */
export const getProfileChecks: readonly Check<ProfileLookup>[] = [
  ticketIsValid,
  deviceIsRegistered,
  hardwareHashIsReadable,
  endorsementKeyIsTheRegisteredOne,
  serialNumberIsTheRegisteredOne,
  productKeyIsTheRegisteredOne,
  assignedProfileExists,
  someProfileApplies,
];
