import { Fault } from '@greenscreen/host/faults';
import { EntraDevice } from '@greenscreen/model/directory';
import { type EntityManager } from 'typeorm';

/** The device that a grant was authenticated with, if any: gone is AADSTS50155, disabled 135011 (reference 02, 7.5). */
export async function deviceOfGrant(em: EntityManager, objectId: string | null): Promise<EntraDevice | undefined> {
  if (objectId === null) return undefined;
  const device = await em.findOneBy(EntraDevice, { objectId });
  if (!device || device.state === 'deleted') throw new Fault('sts.50155');
  requireEnabledDevice(device);
  return device;
}

export function requireEnabledDevice(device: EntraDevice): void {
  if (!device.accountEnabled) throw new Fault('sts.135011');
}
