import { And, type FindOptionsWhere, IsNull, LessThanOrEqual, Not, Raw } from 'typeorm';
import { type AutopilotDevice } from './autopilot-device.entity.js';
import { type ImportedIdentity } from './imported-identity.entity.js';

// Statements are planned once for all parameters. So what makes a row one of the few that wait is said in the statement itself: only then does
// PostgreSQL know that they are few, and that its small index over them holds what it looks for.

/** Registrations of a tenant whose put-off assignment takes effect at `at`. */
export function dueAssignments(tenantId: string, at: Date): FindOptionsWhere<AutopilotDevice> {
  return { tenantId, assignmentStatus: Raw((column) => `${column} = 'pending'`), assignedAt: LessThanOrEqual(at) };
}

/** Import records of a tenant that are to be worked on at `at`. */
export function dueImports(tenantId: string, at: Date): FindOptionsWhere<ImportedIdentity> {
  return { tenantId, status: Raw((column) => `${column} = 'unknown'`), dueAt: LessThanOrEqual(at) };
}

/** Registrations of a tenant whose put-off deletion takes effect at `at`. */
export function dueDeletions(tenantId: string, at: Date): FindOptionsWhere<AutopilotDevice> {
  return { tenantId, deleteDueAt: And(Not(IsNull()), LessThanOrEqual(at)) };
}
