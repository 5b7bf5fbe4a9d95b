import { currentExchange } from '@greenscreen/host/exchange';
import { AutopilotDevice } from '@greenscreen/model/autopilot';
import { type EntityManager } from 'typeorm';

/** Registrations with this DDID; the EK decides between several (reference 06, D-A1 and D-A3). */
export async function registrationsOf(em: EntityManager, ddid: string, ekHash: string | null): Promise<AutopilotDevice[]> {
  const found = await em.findBy(AutopilotDevice, { ddid });
  if (found.length < 2 || ekHash === null) return found;
  const sameKey = found.filter((device) => device.ekHash === ekHash);
  return sameKey.length > 0 ? sameKey : found;
}

/** The one registration of a device, if it is certain which it is; with it, whose request this is (reference 06, D-A59). */
export async function onlyRegistrationOf(em: EntityManager, ddid: string, ekHash: string | null): Promise<AutopilotDevice | undefined> {
  const found = await registrationsOf(em, ddid, ekHash);
  const [registration] = found;
  if (!registration || found.length > 1) return undefined;
  noteRegistration(registration);
  return registration;
}

/** Lets journal and log know whose request this is. */
export function noteRegistration({ tenantId, serialNumber, entraDeviceId }: AutopilotDevice): void {
  const exchange = currentExchange();
  exchange.tenantId = tenantId;
  exchange.serial = serialNumber;
  if (entraDeviceId !== null) exchange.deviceId = entraDeviceId;
}
