import { currentExchange, runChecks } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { AutopilotDevice } from '@greenscreen/model/autopilot';
import { encodeAutopilotProfile } from '@greenscreen/wire/ztd';
import { type EntityManager } from 'typeorm';
import { type ZtdServices } from '../ztd-services.js';
import { getProfileChecks } from './get-profile.checks.js';
import { ProfileLookup } from './profile-lookup.js';
import { servedProfile } from './served-profile.js';
import { ztdFaults } from './ztd.errors.js';
import { ztdJson } from './ztd-reply.js';

/** The profile of the device that asks (reference 01, 5.2 to 5.4). Asking again is normal and changes nothing but the time of contact. */
export async function getProfileOperation(ztd: ZtdServices): Promise<Reply> {
  const state = new ProfileLookup(ztd, currentExchange().headers);
  try {
    await runChecks(state, getProfileChecks);
  } catch (error) {
    if (error instanceof Fault && ztdFaults[error.code]?.number === MISMATCH) await askForRemediation(state);
    throw error;
  }
  await noteContact(ztd.em, state);
  return ztdJson(200, encodeAutopilotProfile(servedProfile({ ...state, serviceCorrelationId: currentExchange().traceId })));
}

const MISMATCH = 908;

/** One statement. `profileDownloaded` is derived from the first contact (06, D-A64). */
async function noteContact(em: EntityManager, { request, registration, now }: ProfileLookup): Promise<void> {
  const { ztdId, firstContactedAt } = registration;
  const marker = request.marker === undefined ? {} : { autopilotMarker: request.marker };
  await em.update(AutopilotDevice, { ztdId }, { lastContactedAt: now, firstContactedAt: firstContactedAt ?? now, ...marker });
}

/** A mismatch makes the registration wait for a repair by the device (06, D-A63); one that an administrator has to do stays his. */
async function askForRemediation({ ztd, registration: { ztdId }, now }: ProfileLookup): Promise<void> {
  await ztd.em.update(
    AutopilotDevice,
    { ztdId, remediationState: 'noRemediationRequired' },
    { remediationState: 'automaticRemediationRequired', remediationStateAt: now },
  );
}
