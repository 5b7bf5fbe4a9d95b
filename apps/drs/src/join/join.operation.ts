import { currentExchange, runChecks } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { type EntraDevice } from '@greenscreen/model/directory';
import { type DrsServices } from '../drs-services.js';
import { drsJson } from '../drs-reply.js';
import { deviceAuthority } from './certificate-defect.js';
import { completeJoin } from './complete-join.js';
import { failJoin } from './fail-join.js';
import { JoinAdmission, JoinAttempt, type JoinInput } from './join-attempt.js';
import { encodeJoinAnswer } from './join-answer.js';
import { userlessObjectChecks, userObjectChecks } from './object.checks.js';
import { requestChecks } from './request.checks.js';
import { userChecks } from './user.checks.js';
import { userlessChecks } from './userless.checks.js';

/** A device joins or registers (reference 02, section 10 and 12): with a user's token, or with its own. */
export async function joinOperation(drs: DrsServices, input: JoinInput): Promise<Reply> {
  const attempt = new JoinAttempt(drs, input);
  let device: EntraDevice | undefined;
  try {
    await runChecks(attempt, requestChecks);
    const byDevice = attempt.kind === 'device';
    await runChecks(attempt, byDevice ? userlessChecks : userChecks);
    const authority = await deviceAuthority(drs);
    const joined = await drs.transaction(async (em) => {
      const admission = new JoinAdmission(attempt, em);
      try {
        await runChecks(admission, byDevice ? userlessObjectChecks : userObjectChecks);
      } finally {
        device = admission.device;
      }
      return completeJoin(admission, authority);
    });
    currentExchange().deviceId = joined.device.deviceId;
    return drsJson(200, encodeJoinAnswer(attempt, joined));
  } catch (error) {
    if (error instanceof Fault) await failJoin(attempt, device, error);
    throw error;
  }
}
