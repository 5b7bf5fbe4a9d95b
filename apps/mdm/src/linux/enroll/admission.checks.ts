import { type Check } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { EntraDevice } from '@greenscreen/model/directory';
import { ManagedDevice } from '@greenscreen/model/intune';
import { type EntityManager } from 'typeorm';
import { isGuid } from '../../guid.js';
import { type LinuxUser } from '../linux-user.js';

/** Who may enroll; read inside the issuing transaction. */
export class LinuxAdmission {
  /** The directory object that the token names. */
  device: EntraDevice;

  constructor(
    readonly em: EntityManager,
    readonly principal: LinuxUser,
  ) {}
}

/** The token comes from a joined or registered host, so it names one (himmelblau-idm/intune-spec 2.1.1). */
async function deviceObjectIsEnabled(state: LinuxAdmission): Promise<void> {
  const { entraDeviceId, tenant } = state.principal;
  const device =
    entraDeviceId !== undefined && isGuid(entraDeviceId)
      ? await state.em.findOneBy(EntraDevice, { deviceId: entraDeviceId, tenantId: tenant.id })
      : null;
  if (!device || device.state === 'deleted' || !device.accountEnabled) throw new Fault('linux.DeviceNotRegistered');
  state.device = device;
}

function userIsLicensed({ principal }: LinuxAdmission): void {
  if (!principal.user.intuneLicensed) throw new Fault('linux.UserLicense');
}

/** The device's own earlier record goes away with this enrollment and does not count. */
async function capIsNotReached({ em, principal }: LinuxAdmission): Promise<void> {
  const { tenant, user, entraDeviceId } = principal;
  const { cap } = tenant.enrollmentRestrictions;
  if (cap < 0) return;
  const owned = await em.findBy(ManagedDevice, { tenantId: tenant.id, userId: user.id });
  if (owned.filter((device) => device.entraDeviceId !== entraDeviceId).length >= cap) throw new Fault('linux.DeviceCapReached');
}

function serviceIsNotInMaintenance({ principal }: LinuxAdmission): void {
  if (principal.tenant.enrollmentRestrictions.maintenance) throw new Fault('linux.InMaintenance');
}

/** The restrictions of Windows say nothing about Linux. */
export const linuxAdmissionChecks: readonly Check<LinuxAdmission>[] = [
  deviceObjectIsEnabled,
  userIsLicensed,
  capIsNotReached,
  serviceIsNotInMaintenance,
];
