import { Fault } from '@greenscreen/host/faults';
import { assignmentIntents, type AssignmentTarget, assignmentTargets, type IntuneAssignment } from '@greenscreen/model/mdm-session';
import { DirectoryGroup } from '@greenscreen/model/tenancy';
import { type EntityManager, In } from 'typeorm';
import { z } from 'zod';
import { type GraphRequest } from '../request/graph-request.js';
import { isGuid } from '../request/path-keys.js';
import { targetTypes } from './target.json.js';

/** An assignment as clients post it; what it says beside its target is about filters and notifications, which there are none of. */
export const assignmentBody = z.object({
  intent: z.enum(assignmentIntents).nullish(),
  target: z.object({ '@odata.type': z.string(), groupId: z.string().nullish() }),
});
export type AssignmentBody = z.output<typeof assignmentBody>;

/** The assignments that a client wants an object to have; a target is named once, and a group has to be there. */
export async function decodeAssignments(
  { tenant }: GraphRequest,
  em: EntityManager,
  bodies: readonly AssignmentBody[],
): Promise<IntuneAssignment[]> {
  const wanted = bodies.map(({ intent, target }): IntuneAssignment => {
    const kind = targetOf(target['@odata.type']);
    const groupId = kind === 'group' || kind === 'exclusionGroup' ? (target.groupId ?? '').toLowerCase() : null;
    return { target: kind, groupId, intent: intent ?? 'required' };
  });
  const groups = wanted.flatMap(({ groupId }) => groupId ?? []);
  const known = groups.length > 0 ? await em.findBy(DirectoryGroup, { tenantId: tenant.id, id: In(groups.filter(isGuid)) }) : [];
  const missing = groups.find((groupId) => !known.some(({ id }) => id === groupId));
  if (missing !== undefined) throw new Fault('graph.BadRequest', { reason: `The group '${missing}' does not exist.` });
  if (new Set(wanted.map(({ target, groupId }) => groupId ?? target)).size < wanted.length)
    throw new Fault('graph.BadRequest', { reason: 'The assignments name one target more than once.' });
  return wanted;
}

function targetOf(type: string): AssignmentTarget {
  const wanted = type.replace(/^#?/, '#').toLowerCase();
  const found = assignmentTargets.find((kind) => targetTypes[kind].toLowerCase() === wanted);
  if (!found) throw new Fault('graph.BadRequest', { reason: `Nothing can be assigned to '${type}'.` });
  return found;
}
