import { createHash } from 'node:crypto';
import { Fault } from '@greenscreen/host/faults';
import { isLive, MdmCertificate, MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { DmProgress, DmSession } from '@greenscreen/model/mdm-session';
import { type EntityManager, IsNull, LessThan, Not } from 'typeorm';
import { authenticateSession, bringsCredentials } from './authenticate-session.js';
import { CommandQueue } from './command-queue.js';
import { type ManagementMessage } from './management-message.js';
import { NodeStore } from './node-store.js';
import { SessionWork } from './session-work.js';

/** A message that changes nothing, and its answer: one that came before, or one that is not let in. */
export interface Dismissed {
  readonly answer: Buffer;
}

/**
 * Takes the enrollment's row, so that two replicas serve one message of a device at a time, and finds or begins the session. MsgID 1 begins
 * one whatever the SessionID: clients use theirs again. So does one with credentials after a refusal. Throws BadRequest for a later message of no known session (reference 04, #43).
 */
export async function openSession(em: EntityManager, input: ManagementMessage): Promise<SessionWork | Dismissed> {
  const { enrollment, latest, progress = newProgress(em, enrollment) } = await takeEnrollment(em, input);
  const { header } = input.message;
  const request = createHash('sha256').update(input.received.body).digest();
  const begins = Number(header.msgId) === 1 || (bringsCredentials(input) && !isUnderWay(latest, header.sessionId));
  if (!begins && latest?.sessionId !== header.sessionId) throw new Fault('omadm.BadRequest');
  if (!begins && latest?.lastAnswer && latest.lastRequest?.equals(request)) return { answer: latest.lastAnswer };
  const authentication = begins ? await authenticateSession(em, input, enrollment) : { nextNonce: undefined };
  if ('refusal' in authentication) return { answer: authentication.refusal };
  const session = begins || !latest ? await beginSession(em, input, enrollment, latest) : latest;
  Object.assign(session, { lastMessageAt: input.now, messages: session.messages + 1, lastRequest: request });
  if (input.signedIn) session.signedInId = input.signedIn.id;
  if (header.maxMsgSize !== undefined) session.maxMsgSize = header.maxMsgSize;
  const owner = { enrollmentId: enrollment.id, tenantId: enrollment.tenantId, session: session.id, now: input.now };
  const queue = await CommandQueue.load(em, owner);
  const work = new SessionWork(em, input, enrollment, session, progress, queue, new NodeStore(em, owner));
  work.nextNonce = authentication.nextNonce;
  if (begins) {
    queue.requeue();
    countSession(progress, input.now);
  }
  return work;
}

const isUnderWay = (session: DmSession | undefined, sessionId: string): boolean => session?.sessionId === sessionId && !session.endedAt;

/** Registration, then enrollment: the order in which others lock them. The count is there because the update has to come first. */
const LOCK = `WITH contacted AS (UPDATE autopilot_device SET last_contacted_at = $2 WHERE ztd_id = $3 RETURNING 1)
  SELECT id FROM mdm_enrollment WHERE id = $1 AND (SELECT count(*) FROM contacted) >= 0 FOR UPDATE`;

interface TakenEnrollment {
  readonly enrollment: MdmEnrollment;
  /** Its last session. */
  readonly latest: DmSession | undefined;
  readonly progress: DmProgress | undefined;
}

/** Reads after it has locked: the enrollment may have ended since the certificate was looked at, and another message may have been served. */
async function takeEnrollment(em: EntityManager, { identity, now }: ManagementMessage): Promise<TakenEnrollment> {
  const { id, ztdId } = identity.enrollment;
  await em.query(LOCK, [id, now, ztdId]);
  const enrollment: (MdmEnrollment & { latest?: DmSession | null; progress?: DmProgress | null }) | null = await em
    .createQueryBuilder(MdmEnrollment, 'enrollment')
    .leftJoinAndMapOne(
      'enrollment.latest',
      DmSession,
      'session',
      'session.enrollmentId = enrollment.id AND session.number = (SELECT max(number) FROM dm_session WHERE enrollment_id = enrollment.id)',
    )
    .leftJoinAndMapOne('enrollment.progress', DmProgress, 'progress', 'progress.enrollmentId = enrollment.id')
    .where('enrollment.id = :id', { id })
    .getOne();
  if (!enrollment || !isLive(enrollment.state)) throw new Fault('omadm.Forbidden');
  return { enrollment, latest: enrollment.latest ?? undefined, progress: enrollment.progress ?? undefined };
}

async function beginSession(
  em: EntityManager,
  { mdm, now, message, identity }: ManagementMessage,
  { id: enrollmentId, tenantId, enrolledAt }: MdmEnrollment,
  latest: DmSession | undefined,
): Promise<DmSession> {
  if (latest && !latest.endedAt) await em.update(DmSession, { id: latest.id }, { endedAt: now });
  if (identity.certificate.issuedAt > enrolledAt) await replacePredecessors(em, identity.certificate, now);
  return em.create(DmSession, {
    id: mdm.random.uuid(),
    tenantId,
    enrollmentId,
    sessionId: message.header.sessionId,
    number: (latest?.number ?? 0) + 1,
    startedAt: now,
    lastMessageAt: now,
    endedAt: null,
    messages: 0,
    lastRequest: null,
    lastAnswer: null,
    source: message.header.source,
    loginStatus: null,
    signedInId: null,
    maxMsgSize: null,
    partial: null,
  });
}

/** First use of a renewed certificate ends the one before (reference 04, 3.8). */
async function replacePredecessors(em: EntityManager, { enrollmentId, thumbprint, issuedAt }: MdmCertificate, now: Date): Promise<void> {
  await em.update(
    MdmCertificate,
    { enrollmentId, thumbprint: Not(thumbprint), issuedAt: LessThan(issuedAt), replacedAt: IsNull() },
    { replacedAt: now },
  );
}

const newProgress = (em: EntityManager, { id: enrollmentId, tenantId, enrolledBy, enrolledAt }: MdmEnrollment): DmProgress =>
  em.create(DmProgress, {
    enrollmentId,
    tenantId,
    sessions: 0,
    devicePasses: 0,
    finishedPass: 0,
    userPassConfigured: false,
    providers: [],
    sidecar: 'none',
    packages: [],
    delivered: {},
    provisionedAt: null,
    pendingUserId: null,
    // Who enrolls a device himself is its user from the start.
    associatedAt: enrolledBy === null ? null : enrolledAt,
    sessionsSinceAssociation: 0,
    complianceEvaluatedAt: null,
    lastSyncAt: null,
  });

function countSession(progress: DmProgress, now: Date): void {
  progress.sessions += 1;
  progress.lastSyncAt = now;
  if (progress.associatedAt) progress.sessionsSinceAssociation += 1;
}
