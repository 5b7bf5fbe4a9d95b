import { type Check } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { countOwnedDevices, EntraDevice, findDevicesByZtdId, ownsDevice } from '@greenscreen/model/directory';
import { DirectoryUser } from '@greenscreen/model/tenancy';
import { type EntityManager, Not } from 'typeorm';
import { createsForDeletedObject } from '../drs-switches.js';
import { findDeviceByKey } from './find-by-key.js';
import { type JoinAdmission, type JoinAttempt } from './join-attempt.js';

/** Locks an object, so that joins of one device queue up; undefined when it is gone by then. */
export async function locked(em: EntityManager, objectId: string): Promise<EntraDevice | undefined> {
  const device = await em.findOne(EntraDevice, { where: { objectId }, lock: { mode: 'pessimistic_write' } });
  return device && device.state !== 'deleted' ? device : undefined;
}

/** The one object that carries a ZTD id; undefined when there is none. Two are a defect of the directory (06 D-A27). */
async function objectOfRegistration(em: EntityManager, tenantId: string, ztdId: string): Promise<EntraDevice | undefined> {
  const [device, ...others] = await findDevicesByZtdId(em, tenantId, ztdId);
  if (others.length > 0) throw new Fault('drs.DuplicateDevice');
  return device && locked(em, device.objectId);
}

/** Looked up by the ZTD id of the token, never by serial number (reference 05, 50); nothing is ever made instead. */
async function precreatedObjectIsThere(admission: JoinAdmission): Promise<void> {
  const { tenant, claims } = admission.attempt;
  admission.device = await objectOfRegistration(admission.em, tenant.id, claims?.ztdid ?? '');
  if (!admission.device) throw new Fault('drs.DeviceNotFound');
}

/** A pre-created object is disabled and may join; one that an administrator disabled may not (reference 02, 15.2). */
export function objectIsNotDisabledByAnAdministrator({ device }: JoinAdmission): void {
  if (device?.disabledBy === 'admin') throw new Fault('drs.DeviceDisabled');
}

/** Joins of one user queue up: two at once must neither make two objects of one device nor both see the last free place. */
async function userJoinsOneAtATime({ em, attempt }: JoinAdmission): Promise<void> {
  if (attempt.user) await em.findOne(DirectoryUser, { where: { id: attempt.user.id }, lock: { mode: 'pessimistic_write' } });
}

/** Which object a user's join is about (reference 02, 10.5 step 5; 06 D-A25, D-A26). None means a new one. */
async function objectIsSelected(admission: JoinAdmission): Promise<void> {
  const { attempt, em } = admission;
  const { registration, tenant } = attempt;
  if (registration) {
    admission.device = await objectOfRegistration(em, tenant.id, registration.ztdId);
    if (!admission.device && !createsForDeletedObject(tenant)) throw new Fault('drs.DeviceNotFound');
    return;
  }
  if (!attempt.request.attributes.reuseDevice) return;
  const known = (await objectOfToken(em, attempt)) ?? (await findDeviceByKey(em, attempt));
  admission.device = known && (await locked(em, known.objectId));
}

/** The object that the sign-in itself was authenticated with. */
async function objectOfToken(em: EntityManager, { claims, tenant }: JoinAttempt): Promise<EntraDevice | undefined> {
  if (claims?.deviceid === undefined) return undefined;
  const where = { deviceId: claims.deviceid.toLowerCase(), tenantId: tenant.id, state: Not('deleted' as const) };
  return (await em.findOneBy(EntraDevice, where)) ?? undefined;
}

/** The limit counts objects that the user owns; administrators have none (reference 02, 14.3). */
async function quotaIsLeft({ em, attempt, device }: JoinAdmission): Promise<void> {
  const { user, tenant, request } = attempt;
  const { quota } = tenant.deviceSettings;
  if (!user || user.isGlobalAdministrator || quota < 0) return;
  if (device && (await ownsDevice(em, device.objectId, user.id))) return;
  if ((await countOwnedDevices(em, user.id)) >= quota)
    throw new Fault('drs.DeviceQuotaExceeded', { userId: user.id, deviceType: request.deviceType });
}

export const userlessObjectChecks: readonly Check<JoinAdmission>[] = [precreatedObjectIsThere, objectIsNotDisabledByAnAdministrator];
export const userObjectChecks: readonly Check<JoinAdmission>[] = [
  userJoinsOneAtATime,
  objectIsSelected,
  objectIsNotDisabledByAnAdministrator,
  quotaIsLeft,
];
