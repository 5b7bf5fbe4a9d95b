import { EntraDevice } from '@greenscreen/model/directory';
import { type EntityManager } from 'typeorm';

const STALE_MS = 14 * 86_400_000;

/** `approximateLastSignInDateTime` moves only when it is two weeks old (reference 02, 13.6 [doc]). */
export async function noteSignIn(
  em: EntityManager,
  { objectId, approximateLastSignInDateTime: last }: EntraDevice,
  now: Date,
): Promise<void> {
  if (last !== null && now.getTime() - last.getTime() < STALE_MS) return;
  await em.update(EntraDevice, { objectId }, { approximateLastSignInDateTime: now });
}
