import { type MdmEnrollmentEvent, nextEnrollmentState } from '@greenscreen/model/mdm-enrollment';
import { type SessionWork } from '../session/session-work.js';
import { effects } from './effects.js';

/** Lets an event happen to the enrollment, with what it means for other records. Nothing, when it means nothing in its state. */
export async function advance(work: SessionWork, event: MdmEnrollmentEvent): Promise<boolean> {
  const { enrollment, now } = work;
  const before = enrollment.state;
  const next = nextEnrollmentState(before, event);
  if (next === undefined) return false;
  enrollment.state = next;
  enrollment.failedPhase = event === 'deviceFailed' ? before : null;
  if (event === 'retired') enrollment.endedAt = now;
  await effects[event]?.(work);
  return true;
}
