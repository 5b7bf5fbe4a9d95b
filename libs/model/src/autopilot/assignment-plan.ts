import { type EntityManager, In } from 'typeorm';
import { type EntraDevice } from '../directory/index.js';
import { deviceSubject, evaluateRule, MembershipRuleError, parseRule, type Rule } from '../membership/index.js';
import { DirectoryGroup, GroupMember, Tenant } from '../tenancy/index.js';
import { DeploymentProfile, ProfileAssignment } from './deployment-profile.entity.js';

/** A device whose profile is asked for. */
export interface AssignmentTarget {
  readonly ztdId: string;
  /** Its directory object, or what is known of one that is about to be made; undefined when it is gone: such a device is in no group. */
  readonly object: (Pick<EntraDevice, 'displayName' | 'physicalIds'> & Partial<EntraDevice>) | undefined;
}

export interface PlannedProfile {
  readonly profile: DeploymentProfile;
  /** False when it is the tenant's default. */
  readonly explicit: boolean;
}

/** Where the profiles of a tenant go, read once for any number of devices. */
export interface AssignmentPlan {
  profileOf(target: AssignmentTarget): PlannedProfile | undefined;
}

/** Direct assignments beat groups, groups beat "all devices" (reference 01, 3.5 [our choice]). */
const ranks = ['device', 'group', 'allDevices'] as const;

/** Loads the tenant's profiles, assignments and the groups that these name. */
export async function loadAssignmentPlan(em: EntityManager, tenantId: string): Promise<AssignmentPlan> {
  const profiles = await em.find(DeploymentProfile, { where: { tenantId }, order: { createdDateTime: 'ASC', id: 'ASC' } });
  const assignments = await em.findBy(ProfileAssignment, { tenantId });
  const { defaultProfileId } = await em.findOneOrFail(Tenant, { where: { id: tenantId }, select: { id: true, defaultProfileId: true } });
  const membership = await loadMembership(em, tenantId, assignments);
  const fallback = profiles.find(({ id }) => id === defaultProfileId);

  const includes = (assignment: ProfileAssignment, target: AssignmentTarget): boolean => {
    if (assignment.target === 'allDevices') return true;
    if (assignment.target === 'device') return assignment.targetId === target.ztdId;
    return assignment.targetId !== null && membership(assignment.targetId, target);
  };
  const reaches = (profile: DeploymentProfile, rank: (typeof ranks)[number], target: AssignmentTarget): boolean => {
    const own = assignments.filter(({ profileId }) => profileId === profile.id);
    if (rank !== 'device' && own.some((one) => one.target === 'exclusionGroup' && includes(one, target))) return false;
    return own.some((one) => one.target === rank && includes(one, target));
  };
  return {
    profileOf: (target) => {
      for (const rank of ranks) {
        const profile = profiles.find((candidate) => reaches(candidate, rank, target));
        if (profile) return { profile, explicit: true };
      }
      return fallback && { profile: fallback, explicit: false };
    },
  };
}

type Membership = (groupId: string, target: AssignmentTarget) => boolean;

async function loadMembership(em: EntityManager, tenantId: string, assignments: readonly ProfileAssignment[]): Promise<Membership> {
  const ids = [...new Set(assignments.flatMap(({ targetId, target }) => (targetId && target !== 'device' ? [targetId] : [])))];
  if (ids.length === 0) return () => false;
  const groups = await em.findBy(DirectoryGroup, { tenantId, id: In(ids) });
  const rules = new Map(groups.map((group) => [group.id, ruleOf(group)]));
  const assigned = groups.filter(({ membershipRule }) => membershipRule === null).map(({ id }) => id);
  const members = new Set<string>();
  if (assigned.length > 0)
    for (const { groupId, memberId } of await em.findBy(GroupMember, { groupId: In(assigned), memberType: 'device' }))
      members.add(`${groupId}:${memberId}`);
  return (groupId, { object }) => {
    if (!object) return false;
    const rule = rules.get(groupId);
    return rule ? evaluateRule(rule, deviceSubject(object)) : members.has(`${groupId}:${object.objectId ?? ''}`);
  };
}

/** An unreadable rule has no members. */
function ruleOf({ membershipRule }: DirectoryGroup): Rule | undefined {
  if (membershipRule === null) return undefined;
  try {
    return parseRule(membershipRule);
  } catch (error) {
    if (error instanceof MembershipRuleError) return undefined;
    throw error;
  }
}
