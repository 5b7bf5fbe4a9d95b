import { type EntityManager, In, Not } from 'typeorm';
import { EntraDevice } from '../directory/index.js';
import { switchOf, Tenant } from '../tenancy/index.js';
import { type AssignmentPlan, loadAssignmentPlan, type PlannedProfile } from './assignment-plan.js';
import { type AssignmentDetail, type AssignmentStatus, AutopilotDevice } from './autopilot-device.entity.js';
import { dueAssignments } from './waiting.js';

/** The columns of a registration that say which profile it has and how far that has got. */
export interface AssignmentRecord {
  readonly profileId: string | null;
  readonly intendedProfileId: string | null;
  readonly explicitAssignment: boolean;
  readonly assignmentStatus: AssignmentStatus;
  readonly assignmentDetail: AssignmentDetail;
  readonly assignedAt: Date | null;
}

/** How a tenant's assignments take effect (switches `graph.profileAssignDelayMs`, `graph.profileAssign`). */
export interface AssignmentManner {
  /** Milliseconds between an assignment and its effect. */
  readonly delay: number;
  /** `pending`: never takes effect; `failed`: always fails. */
  readonly outcome: 'normal' | 'pending' | 'failed';
}

export function assignmentMannerOf(tenant: Pick<Tenant, 'switches'>): AssignmentManner {
  const outcome: string = switchOf<string>(tenant, 'graph.profileAssign', 'normal');
  return {
    delay: switchOf(tenant, 'graph.profileAssignDelayMs', 0),
    outcome: outcome === 'pending' || outcome === 'failed' ? outcome : 'normal',
  };
}

const none: AssignmentRecord = {
  profileId: null,
  intendedProfileId: null,
  explicitAssignment: false,
  assignmentStatus: 'notAssigned',
  assignmentDetail: 'none',
  assignedAt: null,
};

/** What an assignment makes of a registration that had `current` (null: it is new). Self-deploying needs a TPM 2.0 (reference 01, 3.3, 3.5). */
export function assignmentOf(
  planned: PlannedProfile | undefined,
  tpmVersion: string,
  current: Pick<AssignmentRecord, 'profileId'> | null,
  { delay, outcome }: AssignmentManner,
  at: Date,
): AssignmentRecord {
  if (!planned) return none;
  const { profile, explicit } = planned;
  const intended = { intendedProfileId: profile.id, explicitAssignment: explicit };
  const unfit = profile.outOfBoxExperience.deviceUsageType === 'shared' && !tpmVersion.startsWith('TPM-Version:2.0');
  if (unfit || outcome === 'failed')
    return {
      ...intended,
      profileId: null,
      assignmentStatus: 'failed',
      assignmentDetail: unfit ? 'hardwareRequirementsNotMet' : 'none',
      assignedAt: null,
    };
  if (outcome === 'pending' || delay > 0)
    return {
      ...intended,
      profileId: current?.profileId ?? null,
      assignmentStatus: 'pending',
      assignmentDetail: 'none',
      assignedAt: outcome === 'pending' ? null : new Date(at.getTime() + delay),
    };
  return { ...intended, profileId: profile.id, assignmentStatus: 'assignedInSync', assignmentDetail: 'none', assignedAt: at };
}

/** Lets assignments whose time has come take effect. Call it before reading a tenant's registrations. */
export async function settleAssignments(em: EntityManager, tenantId: string, at: Date): Promise<void> {
  const due = dueAssignments(tenantId, at);
  if (!(await em.existsBy(AutopilotDevice, due))) return;
  await em
    .createQueryBuilder()
    .update(AutopilotDevice)
    .set({ profileId: () => 'intended_profile_id', assignmentStatus: 'assignedInSync' })
    .where(due)
    .execute();
}

/** Devices written in one go. */
const BATCH = 500;

/**
 * Works out the profiles of a tenant's registrations again, after a change of tags, groups, profiles or assignments, in the caller's
 * transaction. `ztdIds` limits it to devices that the change touches. The directory object's `enrollmentProfileName` follows (06 D-A41).
 */
export async function applyAssignments(em: EntityManager, tenantId: string, at: Date, ztdIds?: readonly string[]): Promise<void> {
  const tenant = await em.findOneByOrFail(Tenant, { id: tenantId });
  const plan = await loadAssignmentPlan(em, tenantId);
  const manner = assignmentMannerOf(tenant);
  const devices = await em.find(AutopilotDevice, {
    where: { tenantId, ...(ztdIds ? { ztdId: In([...ztdIds]) } : {}) },
    select: {
      ztdId: true,
      tpmVersion: true,
      entraDeviceId: true,
      profileId: true,
      intendedProfileId: true,
      explicitAssignment: true,
      assignmentStatus: true,
    },
    order: { ztdId: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
  for (let start = 0; start < devices.length; start += BATCH)
    await applyToBatch(em, { plan, manner, at, tenantId }, devices.slice(start, start + BATCH));
}

interface Application {
  readonly plan: AssignmentPlan;
  readonly manner: AssignmentManner;
  readonly at: Date;
  readonly tenantId: string;
}

async function applyToBatch(
  em: EntityManager,
  { plan, manner, at, tenantId }: Application,
  devices: readonly AutopilotDevice[],
): Promise<void> {
  const ids = devices.flatMap(({ entraDeviceId }) => (entraDeviceId === null ? [] : [entraDeviceId]));
  const objects = await em.findBy(EntraDevice, { tenantId, deviceId: In(ids), state: Not('deleted') });
  const byDeviceId = new Map(objects.map((object) => [object.deviceId, object]));
  for (const device of devices) {
    const object = device.entraDeviceId === null ? undefined : byDeviceId.get(device.entraDeviceId);
    const planned = plan.profileOf({ ztdId: device.ztdId, object });
    const name = planned?.profile.displayName ?? null;
    if (object && object.enrollmentProfileName !== name)
      await em.update(EntraDevice, { objectId: object.objectId }, { enrollmentProfileName: name });
    if (isCurrent(device, planned, manner)) continue;
    await em.update(AutopilotDevice, { ztdId: device.ztdId }, assignmentOf(planned, device.tpmVersion, device, manner, at));
  }
}

/** Whether a registration already is what the plan says, so that its time of assignment stays. */
function isCurrent(device: AutopilotDevice, planned: PlannedProfile | undefined, { outcome }: AssignmentManner): boolean {
  if (outcome === 'failed' && planned) return device.assignmentStatus === 'failed';
  if (!planned) return device.assignmentStatus === 'notAssigned' && device.profileId === null;
  const inForce = device.assignmentStatus === 'pending' || device.profileId === planned.profile.id;
  return inForce && device.intendedProfileId === planned.profile.id && device.explicitAssignment === planned.explicit;
}
