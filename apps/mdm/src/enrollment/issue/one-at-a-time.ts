import { type EntityManager } from 'typeorm';

/** Two requests for one device queue up, in a transaction: the second has to see what the first one did. */
export async function oneAtATime(em: EntityManager, entraDeviceId: string | undefined): Promise<void> {
  if (entraDeviceId !== undefined) await em.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`mdm-enroll:${entraDeviceId}`]);
}
