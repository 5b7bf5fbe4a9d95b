import { type Check, runChecks } from '@greenscreen/host/exchange';
import { reply, type Reply } from '@greenscreen/host/reply';
import { DmProgress, DmSession } from '@greenscreen/model/mdm-session';
import { MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { SYNCML_TYPE } from '@greenscreen/wire/syncml';
import { type MdmServices } from '../mdm-services.js';
import { planNext } from './plan/plan.js';
import { receive } from './receive/receive.js';
import { answerOf } from './send/answer.js';
import { ManagementMessage, type ReceivedMessage } from './session/management-message.js';
import { messageChecks } from './session/message.checks.js';
import { openSession } from './session/open-session.js';
import { type SessionWork } from './session/session-work.js';
import { observe } from './state/observe.js';

/**
 * One message of an OMA-DM session (MS-MDM; reference 04, section 4), in one transaction: what the device says is taken in, what follows
 * from it is decided, what is due goes into the answer. Nothing is kept in memory: the next message may reach another replica. `checks` find
 * out who speaks: by certificate unless a front end has another way.
 */
export async function sessionOperation(
  mdm: MdmServices,
  received: ReceivedMessage,
  checks: readonly Check<ManagementMessage>[] = messageChecks,
): Promise<Reply> {
  const input = new ManagementMessage(mdm, received);
  await runChecks(input, checks);
  const answer = await mdm.transaction(async (em) => {
    const opened = await openSession(em, input);
    if ('answer' in opened) return opened.answer;
    await receive(opened);
    await observe(opened);
    await planNext(opened);
    opened.session.lastAnswer = answerOf(opened);
    await store(opened);
    return opened.session.lastAnswer;
  });
  return reply(200, SYNCML_TYPE, answer);
}

async function store({ em, enrollment, session, progress, queue, nodes, changes }: SessionWork): Promise<void> {
  await queue.flush();
  await nodes.flush();
  const { state, failedPhase, endedAt } = enrollment;
  if (changes.enrollment()) await em.update(MdmEnrollment, { id: enrollment.id }, { state, failedPhase, endedAt });
  await em.upsert(DmSession, session, ['id']);
  if (changes.progress()) await em.upsert(DmProgress, progress, ['enrollmentId']);
}
