import { type EntityManager } from 'typeorm';
import {
  deviceSubject,
  evaluateRule,
  MembershipRuleError,
  parseRule,
  type RuleSubject,
  ruleSubjectKind,
  userSubject,
} from '../membership/index.js';
import { type AssignmentIntent, type AssignmentTarget } from './intune-assignment.js';

/** For whom somebody wants to know what applies. */
export interface AssignmentSubject {
  readonly tenantId: string;
  /** Intune device id. */
  readonly enrollmentId: string;
  readonly entraDeviceId: string | null;
  /** Who has signed in with a token; null when nobody has. */
  readonly signedInId: string | null;
  /** Whether the device's own user is signed in. */
  readonly ownUser: boolean;
}

export type AssignedKind = 'app' | 'policy' | 'script' | 'compliance';

/** An app, a policy, a script or a demand of compliance that applies. */
export interface Assigned {
  readonly kind: AssignedKind;
  readonly id: string;
  readonly version: number;
  readonly intent: AssignmentIntent;
  /** Whether the device has it itself, or its user brings it along. */
  readonly via: 'device' | 'user';
}

interface Row {
  readonly kind: AssignedKind;
  readonly id: string;
  readonly version: number;
  readonly target: AssignmentTarget;
  readonly intent: AssignmentIntent;
  readonly licensed: boolean | null;
  readonly deviceIsMember: boolean;
  readonly userIsMember: boolean;
  /** Of a dynamic group, with the subjects that it may be about. */
  readonly rule: string | null;
  readonly device: Parameters<typeof deviceSubject>[0] | null;
  readonly person: Parameters<typeof userSubject>[0] | null;
}

/** One statement for a session: what is assigned, and what its groups say of this device and this user. Rules are worked out here. */
const ASSIGNMENTS = `WITH device AS (SELECT * FROM entra_device WHERE device_id = $2 AND tenant_id = $1 AND state <> 'deleted'),
    person AS (SELECT * FROM directory_user WHERE tenant_id = $1 AND account_enabled
      AND id = coalesce($3::uuid, CASE WHEN $4 THEN (SELECT user_id FROM managed_device WHERE id = $5) END)),
    object AS (SELECT 'app' AS kind, id, 1 AS version, position, assignments FROM intune_app WHERE tenant_id = $1
      UNION ALL SELECT 'policy', id::text, version, position, assignments FROM intune_policy WHERE tenant_id = $1
      UNION ALL SELECT 'compliance', id::text, version, 0, assignments FROM intune_compliance_policy WHERE tenant_id = $1
      UNION ALL SELECT 'script', id::text, version, 0, assignments FROM intune_script WHERE tenant_id = $1)
  SELECT object.kind, object.id, object.version, assigned.target, assigned.intent, person.intune_licensed AS licensed,
    EXISTS (SELECT 1 FROM group_member WHERE group_id = assigned."groupId" AND member_id = device.object_id) AS "deviceIsMember",
    EXISTS (SELECT 1 FROM group_member WHERE group_id = assigned."groupId" AND member_id = person.id) AS "userIsMember",
    directory_group.membership_rule AS rule,
    CASE WHEN directory_group.membership_rule IS NOT NULL AND device.object_id IS NOT NULL THEN jsonb_build_object(
      'objectId', device.object_id, 'deviceId', device.device_id, 'displayName', device.display_name, 'physicalIds', device.physical_ids,
      'accountEnabled', device.account_enabled, 'operatingSystem', device.operating_system, 'trustType', device.trust_type,
      'operatingSystemVersion', device.operating_system_version, 'isManaged', device.is_managed, 'mdmAppId', device.mdm_app_id,
      'enrollmentProfileName', device.enrollment_profile_name, 'profileType', device.profile_type) END AS device,
    CASE WHEN directory_group.membership_rule IS NOT NULL AND person.id IS NOT NULL THEN jsonb_build_object(
      'id', person.id, 'upn', person.upn, 'displayName', person.display_name, 'givenName', person.given_name, 'surname', person.surname,
      'accountEnabled', person.account_enabled) END AS person
  FROM object CROSS JOIN LATERAL jsonb_to_recordset(object.assignments) AS assigned(target text, "groupId" uuid, intent text)
  LEFT JOIN directory_group ON directory_group.id = assigned."groupId" AND directory_group.tenant_id = $1
  LEFT JOIN device ON true LEFT JOIN person ON true
  ORDER BY object.position, object.id`;

/**
 * Apps and policies that apply to a device and to the user who is signed in there, in their order. An exclusion wins, whichever of the two
 * is excluded; a user counts only while signed in; all users are those with an Intune license (Graph `allLicensedUsersAssignmentTarget`).
 */
export async function whatApplies(em: EntityManager, subject: AssignmentSubject): Promise<Assigned[]> {
  const { tenantId, entraDeviceId, signedInId, ownUser, enrollmentId } = subject;
  const rows = await em.query<Row[]>(ASSIGNMENTS, [tenantId, entraDeviceId, signedInId, ownUser, enrollmentId]);
  const objects = new Map<string, Row[]>();
  for (const row of rows) {
    const key = `${row.kind} ${row.id}`;
    objects.set(key, [...(objects.get(key) ?? []), row]);
  }
  return [...objects.values()].flatMap((own) => decide(own) ?? []);
}

function decide(rows: readonly Row[]): Assigned | undefined {
  if (rows.some((row) => row.target === 'exclusionGroup' && reachedBy(row) !== undefined)) return undefined;
  const reached = rows.flatMap((row) => {
    const via = row.target === 'exclusionGroup' ? undefined : reachedBy(row);
    return via ? [{ row, via }] : [];
  });
  // What makes an app required counts most, and the device's own assignment before its user's.
  const strongest =
    reached.find(({ row, via }) => row.intent === 'required' && via === 'device') ??
    reached.find(({ row }) => row.intent === 'required') ??
    reached[0];
  if (!strongest) return undefined;
  const { kind, id, version, intent } = strongest.row;
  return { kind, id, version, intent, via: strongest.via };
}

function reachedBy(row: Row): Assigned['via'] | undefined {
  if (row.target === 'allDevices') return 'device';
  if (row.target === 'allUsers') return row.licensed === true ? 'user' : undefined;
  if (row.rule === null) return row.deviceIsMember ? 'device' : row.userIsMember ? 'user' : undefined;
  if (ruleSubjectKind(row.rule) === 'device') return row.device && holds(row.rule, deviceSubject(row.device)) ? 'device' : undefined;
  return row.person && holds(row.rule, userSubject(row.person)) ? 'user' : undefined;
}

/** An unreadable rule has no members. */
function holds(rule: string, subject: RuleSubject): boolean {
  try {
    return evaluateRule(parseRule(rule), subject);
  } catch (error) {
    if (error instanceof MembershipRuleError) return false;
    throw error;
  }
}
