import { type Check, currentExchange } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { AutopilotDevice, DeploymentProfile } from '@greenscreen/model/autopilot';
import { EntraDevice } from '@greenscreen/model/directory';
import { ManagedDevice } from '@greenscreen/model/intune';
import { enrollmentTypes, type EnrollmentTypeNumber } from '@greenscreen/model/mdm-enrollment';
import { DirectoryUser, switchOf } from '@greenscreen/model/tenancy';
import { type Admission } from './admission.js';
import { classify } from './classify.js';
import { isGuid } from '../../guid.js';

/** Types that the one-time limit and the ZTD link are about (06 D-B14, D-B21). */
export const zeroTouchTypes: readonly EnrollmentTypeNumber[] = [25, 29, 30];
/** Types that a device may ask for without a user (reference 04, 3.3). */
const deviceTokenTypes: readonly EnrollmentTypeNumber[] = [25, 29, 30, 35];

/** A pre-created object is disabled until the join enables it (reference 04, 3.3 rule 2). A device token always has to name one. */
async function deviceObjectIsEnabled(state: Admission): Promise<void> {
  const { user, entraDeviceId, tenant } = state.request.principal;
  if (entraDeviceId === undefined && user) return;
  const device =
    entraDeviceId !== undefined && isGuid(entraDeviceId)
      ? await state.em.findOneBy(EntraDevice, { deviceId: entraDeviceId, tenantId: tenant.id })
      : null;
  if (!device || device.state === 'deleted' || !device.accountEnabled) throw new Fault('mdm.DeviceNotRegistered');
  state.device = device;
}

function typeIsKnown(state: Admission): void {
  const { principal, context } = state.request;
  state.type = classify({ context, upn: principal.user?.upn, hasDeviceId: principal.entraDeviceId !== undefined });
  state.kind = enrollmentTypes[state.type];
}

/** 06 D-B12: a device without a mode flag is MessageFormat, a user with a device's flag is Authorization. */
function tokenFitsTheType({ request, type, kind }: Admission): void {
  const { user } = request.principal;
  if (!user && !deviceTokenTypes.includes(type)) throw new Fault('mdm.DeviceTokenNotSupported', { enrollmentType: kind.name });
  if (user && zeroTouchTypes.includes(type)) throw new Fault('mdm.UserTokenNotSupported', { enrollmentType: kind.name });
}

/** The registration that the device names has to be the one of its directory object (06 D-B14). */
async function registrationIsTheDevices(state: Admission): Promise<void> {
  const { principal, context } = state.request;
  const ztdId = (context.get('ZeroTouchProvisioning') ?? '').replace(/[{}]/g, '').trim().toLowerCase();
  const found = isGuid(ztdId)
    ? await state.em.findOne(AutopilotDevice, { where: { ztdId, tenantId: principal.tenant.id }, lock: { mode: 'pessimistic_write' } })
    : null;
  const linked = found?.entraDeviceId === principal.entraDeviceId ? found : null;
  if (zeroTouchTypes.includes(state.type) && !linked) throw new Fault('mdm.NotPreregistered');
  state.autopilot = linked ?? undefined;
  if (linked) currentExchange().serial = linked.serialNumber;
}

/** 06 D-B15: white glove needs pre-provisioning, self-deploying a profile of that kind. */
async function profileAllowsIt(state: Admission): Promise<void> {
  const { autopilot, type } = state;
  if (!autopilot || !zeroTouchTypes.includes(type)) return;
  const profile = autopilot.profileId ? await state.em.findOneBy(DeploymentProfile, { id: autopilot.profileId }) : null;
  const allowed = type === 25 ? profile?.outOfBoxExperience.deviceUsageType === 'shared' : profile?.preprovisioningAllowed === true;
  if (!profile || !allowed) throw new Fault('mdm.PreprovisioningNotAllowed');
  state.profile = profile;
}

/** The one-time limit (06 D-B21, D-B22). With `mdm.blockAfterUserlessEnroll=false` a blocked device is let in, and that is logged. */
function enrollmentIsNotBlocked({ autopilot, type, request }: Admission): void {
  if (autopilot?.userlessEnrollmentStatus !== 'blocked' || !zeroTouchTypes.includes(type)) return;
  if (switchOf(request.principal.tenant, 'mdm.blockAfterUserlessEnroll', true)) throw new Fault('mdm.OneTimeLimit');
  request.mdm.logger.warn({ ztdId: autopilot.ztdId, serial: autopilot.serialNumber }, 'a device enrolls again past its one-time limit');
}

/** The platform restriction reaches every type (06 D-B16). */
function windowsIsAllowed({ request }: Admission): void {
  if (request.principal.tenant.enrollmentRestrictions.windows === 'block') throw new Fault('mdm.WindowsBlocked');
}

function personalDevicesAreAllowed({ request, kind }: Admission): void {
  if (request.principal.tenant.enrollmentRestrictions.personal === 'block' && !kind.corporate) throw new Fault('mdm.NotPreregistered');
}

/** The token's user, else the pre-assigned one; nobody assigned, nothing to check (06 D-B16). */
async function userIsLicensed(state: Admission): Promise<void> {
  const { principal } = state.request;
  state.liable = principal.user ?? (await preassignedUser(state));
  if (state.liable?.intuneLicensed === false) throw new Fault('mdm.UserLicense');
}

async function preassignedUser({ em, autopilot, request }: Admission): Promise<DirectoryUser | undefined> {
  const upn = autopilot?.userPrincipalName.toLowerCase();
  const user = upn ? await em.findOneBy(DirectoryUser, { tenantId: request.principal.tenant.id, upn }) : null;
  return user ?? undefined;
}

/** The device's own earlier record goes away with this enrollment and does not count. */
async function capIsNotReached({ em, liable, request }: Admission): Promise<void> {
  const { tenant, entraDeviceId } = request.principal;
  const { cap } = tenant.enrollmentRestrictions;
  if (!liable || cap < 0) return;
  const owned = await em.findBy(ManagedDevice, { tenantId: tenant.id, userId: liable.id });
  const others = owned.filter((device) => entraDeviceId === undefined || device.entraDeviceId !== entraDeviceId);
  if (others.length >= cap) throw new Fault('mdm.DeviceCapReached');
}

function serviceIsNotInMaintenance({ request }: Admission): void {
  if (request.principal.tenant.enrollmentRestrictions.maintenance) throw new Fault('mdm.InMaintenance');
}

/** Second part of 06 D-B11's order: who may enroll. All of it reads inside the issuing transaction. */
export const admissionChecks: readonly Check<Admission>[] = [
  deviceObjectIsEnabled,
  typeIsKnown,
  tokenFitsTheType,
  registrationIsTheDevices,
  profileAllowsIt,
  enrollmentIsNotBlocked,
  windowsIsAllowed,
  personalDevicesAreAllowed,
  userIsLicensed,
  capIsNotReached,
  serviceIsNotInMaintenance,
];
