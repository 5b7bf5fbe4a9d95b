import { runChecks } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { type DrsServices } from '../drs-services.js';
import { drsJson } from '../drs-reply.js';
import { deviceAuthority } from '../join/certificate-defect.js';
import { completeJoin } from '../join/complete-join.js';
import { failJoin } from '../join/fail-join.js';
import { JoinAdmission, type JoinInput } from '../join/join-attempt.js';
import { encodeJoinAnswer } from '../join/join-answer.js';
import { locked, objectIsNotDisabledByAnAdministrator } from '../join/object.checks.js';
import { HybridAttempt, hybridChecks } from './hybrid.checks.js';

/** `PUT`: a computer whose object a directory synchronisation made takes it (reference 02, 13.1). */
export async function hybridJoinOperation(drs: DrsServices, input: JoinInput, deviceId: string): Promise<Reply> {
  const attempt = new HybridAttempt(drs, input, deviceId);
  try {
    await runChecks(attempt, hybridChecks);
    const authority = await deviceAuthority(drs);
    const joined = await drs.transaction(async (em) => {
      const admission = new JoinAdmission(attempt, em);
      await runChecks(admission, [objectIsStillThere, objectIsNotDisabledByAnAdministrator]);
      return completeJoin(admission, authority);
    });
    return drsJson(200, encodeJoinAnswer(attempt, joined));
  } catch (error) {
    if (error instanceof Fault) await failJoin(attempt, attempt.object, error);
    throw error;
  }
}

async function objectIsStillThere(admission: JoinAdmission): Promise<void> {
  const { attempt, em } = admission;
  if (attempt instanceof HybridAttempt) admission.device = await locked(em, attempt.object.objectId);
  if (!admission.device) throw new Fault('drs.ObjectNotFound', { id: attempt instanceof HybridAttempt ? attempt.deviceId : '' });
}
