import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { applyAssignments, AutopilotDevice, ProfileAssignment } from '@greenscreen/model/autopilot';
import { DirectoryGroup } from '@greenscreen/model/tenancy';
import { type EntityManager, In, Not } from 'typeorm';
import { z } from 'zod';
import { targetTypes } from '../assignments/target.json.js';
import { graphEmpty, graphJson } from '../graph-reply.js';
import { type GraphRequest } from '../request/graph-request.js';
import { isGuid } from '../request/path-keys.js';
import { readBody } from '../request/read-body.js';
import { encodeAssignment } from './assignment.json.js';
import { profileResource } from './profile.json.js';
import { findProfile } from './read-profiles.operation.js';

export async function listAssignments(request: GraphRequest, profileId: string): Promise<Reply> {
  const { em } = request.graph;
  const { id } = await findProfile(request, em, profileId);
  const assignments = await em.find(ProfileAssignment, {
    where: { profileId: id, target: Not('device') },
    order: { createdAt: 'ASC', id: 'ASC' },
  });
  return graphJson(200, {
    '@odata.context': request.context(`${profileResource}('${id}')/assignments`),
    value: assignments.map(encodeAssignment),
  });
}

const assignmentBody = z.object({
  target: z.object({ '@odata.type': z.string(), groupId: z.string().nullish() }),
});

/** The client makes the id, `<profile>_<group>_0`; so do we when it has left it out (reference 01, 3.5). */
export async function createAssignment(request: GraphRequest, profileId: string): Promise<Reply> {
  const { target } = readBody(assignmentBody);
  const { graph, tenant, now } = request;
  const assignment = await graph.transaction(async (em) => {
    const profile = await findProfile(request, em, profileId);
    const kind = targetOf(target['@odata.type']);
    const targetId = kind === 'allDevices' ? null : await groupOf(request, em, target.groupId ?? '');
    const row = em.create(ProfileAssignment, {
      id: `${profile.id}_${targetId ?? kind}_0`,
      tenantId: tenant.id,
      profileId: profile.id,
      target: kind,
      targetId,
      createdAt: now,
    });
    await em.upsert(ProfileAssignment, row, ['id']);
    await applyAssignments(em, tenant.id, now);
    return row;
  });
  return graphJson(201, {
    '@odata.context': request.context(`${profileResource}('${assignment.profileId}')/assignments/$entity`),
    ...encodeAssignment(assignment),
  });
}

export async function deleteAssignment(request: GraphRequest, profileId: string, id: string): Promise<Reply> {
  const { graph, tenant, now } = request;
  await graph.transaction(async (em) => {
    const profile = await findProfile(request, em, profileId);
    const assignments = await em.findBy(ProfileAssignment, { profileId: profile.id, target: Not('device') });
    const assignment = assignments.find((candidate) => candidate.id.toLowerCase() === id.toLowerCase());
    if (!assignment) throw new Fault('graph.ResourceNotFound', { id });
    await em.delete(ProfileAssignment, { id: assignment.id });
    await applyAssignments(em, tenant.id, now);
  });
  return graphEmpty();
}

const assignBody = z.object({ deviceIds: z.array(z.string()).max(1000) });

/** `assign`: directly to registrations; each leaves the profile that it was given directly before. */
export async function assignToDevices(request: GraphRequest, profileId: string): Promise<Reply> {
  const { deviceIds } = readBody(assignBody);
  const { graph, tenant, now } = request;
  await graph.transaction(async (em) => {
    const profile = await findProfile(request, em, profileId);
    const ztdIds = await registered(request, em, deviceIds);
    await em.delete(ProfileAssignment, { tenantId: tenant.id, target: 'device', targetId: In(ztdIds) });
    await em.insert(
      ProfileAssignment,
      ztdIds.map((targetId) => ({
        id: `${profile.id}_${targetId}_0`,
        tenantId: tenant.id,
        profileId: profile.id,
        target: 'device' as const,
        targetId,
        createdAt: now,
      })),
    );
    await applyAssignments(em, tenant.id, now, ztdIds);
  });
  return graphEmpty();
}

function targetOf(type: string): Exclude<ProfileAssignment['target'], 'device'> {
  const wanted = type.replace(/^#?/, '#').toLowerCase();
  for (const kind of ['group', 'exclusionGroup', 'allDevices'] as const) if (targetTypes[kind].toLowerCase() === wanted) return kind;
  throw new Fault('graph.BadRequest', { reason: `A profile cannot be assigned to '${type}'.` });
}

async function groupOf({ tenant }: GraphRequest, em: EntityManager, groupId: string): Promise<string> {
  const id = groupId.toLowerCase();
  if (!isGuid(id) || !(await em.existsBy(DirectoryGroup, { id, tenantId: tenant.id })))
    throw new Fault('graph.BadRequest', { reason: `The group '${groupId}' does not exist.` });
  return id;
}

async function registered({ tenant }: GraphRequest, em: EntityManager, deviceIds: readonly string[]): Promise<string[]> {
  const wanted = [...new Set(deviceIds.map((id) => id.toLowerCase()))];
  const valid = wanted.filter(isGuid);
  const found = await em.find(AutopilotDevice, { where: { tenantId: tenant.id, ztdId: In(valid) }, select: { ztdId: true } });
  const missing = wanted.find((id) => !found.some(({ ztdId }) => ztdId === id));
  if (missing !== undefined) throw new Fault('graph.ResourceNotFound', { id: missing });
  return wanted;
}
