import { type Reply } from '@greenscreen/host/reply';
import { type IntuneAssignment } from '@greenscreen/model/mdm-session';
import { type EntityManager } from 'typeorm';
import { z } from 'zod';
import { graphEmpty, graphJson } from '../graph-reply.js';
import { type GraphRequest } from '../request/graph-request.js';
import { readBody } from '../request/read-body.js';
import { assignmentBody, decodeAssignments } from './assignment-body.js';
import { assignmentId, encodeTarget } from './target.json.js';

/** Something that can be assigned. */
export interface Assignable {
  readonly id: string;
  readonly assignments: readonly IntuneAssignment[];
}

/** A collection of such things. */
export interface AssignableResource {
  /** `deviceManagement/deviceConfigurations` */
  readonly resource: string;
  /** Graph's type of its assignments. */
  readonly assignmentType: string;
  /** What the body of its `assign` calls them. */
  readonly member: 'assignments' | 'mobileAppAssignments' | 'deviceManagementScriptAssignments';
  /** What `assign` answers: the assignments, or nothing with 204. */
  readonly answer: 'assignments' | 'nothing';
  /** One of the caller's tenant; a fault when there is none. */
  readonly find: (request: GraphRequest, em: EntityManager, id: string) => Promise<Assignable>;
  readonly store: (request: GraphRequest, em: EntityManager, id: string, assignments: IntuneAssignment[]) => Promise<unknown>;
}

const encodeAssignments = ({ assignmentType, member }: AssignableResource, { id, assignments }: Assignable): Record<string, unknown>[] =>
  assignments.map((assignment) => ({
    '@odata.type': assignmentType,
    id: assignmentId(id, assignment),
    ...(member === 'mobileAppAssignments' ? { intent: assignment.intent, settings: null } : {}),
    source: 'direct',
    sourceId: id,
    target: encodeTarget(assignment),
  }));

/** What is shown of such a thing: `$expand=assignments` adds them. */
export const withAssignments = (
  { query }: GraphRequest,
  resource: AssignableResource,
  found: Assignable,
  encoded: Record<string, unknown>,
): Record<string, unknown> =>
  query.expand.includes('assignments') ? { ...encoded, assignments: encodeAssignments(resource, found) } : encoded;

export async function listAssignments(request: GraphRequest, resource: AssignableResource, id: string): Promise<Reply> {
  const found = await resource.find(request, request.graph.em, id);
  return assignmentsReply(request, resource, found);
}

const assignmentsReply = (request: GraphRequest, resource: AssignableResource, found: Assignable): Reply =>
  graphJson(200, {
    '@odata.context': request.context(`${resource.resource}('${found.id}')/assignments`),
    value: encodeAssignments(resource, found),
  });

const list = z.array(assignmentBody).optional();
const assignBody = z.object({ assignments: list, mobileAppAssignments: list, deviceManagementScriptAssignments: list });

/** `assign`: in the place of all assignments that there are; some kinds have a name of their own for them, and no answer (Graph reference). */
export async function assign(request: GraphRequest, resource: AssignableResource, id: string): Promise<Reply> {
  const wanted = readBody(assignBody)[resource.member] ?? [];
  const found = await request.graph.transaction(async (em) => {
    const current = await resource.find(request, em, id);
    const assignments = await decodeAssignments(request, em, wanted);
    await resource.store(request, em, current.id, assignments);
    return { id: current.id, assignments };
  });
  return resource.answer === 'nothing' ? graphEmpty() : assignmentsReply(request, resource, found);
}
