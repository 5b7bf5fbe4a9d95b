import { type MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { type AssignmentSubject, DmSession } from '@greenscreen/model/mdm-session';
import { type EntityManager } from 'typeorm';

/** For whom an agent asks: its device, and the user of whom the last OMA-DM session said that he is signed in. */
export async function subjectOf(em: EntityManager, { id, tenantId, entraDeviceId }: MdmEnrollment): Promise<AssignmentSubject> {
  const session = await em.findOne(DmSession, { where: { enrollmentId: id }, order: { number: 'DESC' } });
  const [signedInId, ownUser] = [session?.signedInId ?? null, session?.loginStatus === 'user'];
  return { tenantId, enrollmentId: id, entraDeviceId, signedInId, ownUser };
}
