import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { applyAssignments, DeploymentProfile, ProfileAssignment } from '@greenscreen/model/autopilot';
import { graphEmpty, graphJson } from '../graph-reply.js';
import { requireMatch } from '../odata/entity-reply.js';
import { type GraphRequest } from '../request/graph-request.js';
import { readBody } from '../request/read-body.js';
import { emptyProfile, mergeProfile, profileBody } from './profile-body.js';
import { encodeProfile, profileResource } from './profile.json.js';
import { findProfile } from './read-profiles.operation.js';

export async function createProfile(request: GraphRequest): Promise<Reply> {
  const { graph, tenant, now } = request;
  const body = readBody(profileBody);
  if (body.displayName === undefined) throw new Fault('graph.BadRequest', { reason: 'A profile needs a display name.' });
  const profile = graph.em.create(DeploymentProfile, {
    ...mergeProfile(emptyProfile, body),
    id: graph.random.uuid(),
    tenantId: tenant.id,
    createdDateTime: now,
    lastModifiedDateTime: now,
  });
  await graph.em.insert(DeploymentProfile, profile);
  return graphJson(201, entityOf(request, profile));
}

/** A changed usage type may no longer fit a device, and the name stands on its directory object: assignments are worked out again. */
export async function updateProfile(request: GraphRequest, id: string): Promise<Reply> {
  const body = readBody(profileBody);
  const { graph, tenant, now } = request;
  const profile = await graph.transaction(async (em) => {
    const current = await findProfile(request, em, id);
    requireMatch(request, encodeProfile(current));
    await em.update(DeploymentProfile, { id: current.id }, { ...mergeProfile(current, body), lastModifiedDateTime: now });
    await applyAssignments(em, tenant.id, now);
    return findProfile(request, em, id);
  });
  return graphJson(200, entityOf(request, profile));
}

/** Refused while the profile goes anywhere; `graph.allowDeleteAssigned` leaves devices with a profile that is gone (809 at the next download). */
export async function deleteProfile(request: GraphRequest, id: string): Promise<Reply> {
  const { graph, tenant } = request;
  await graph.transaction(async (em) => {
    const profile = await findProfile(request, em, id);
    requireMatch(request, encodeProfile(profile));
    const assigned = tenant.defaultProfileId === profile.id || (await em.existsBy(ProfileAssignment, { profileId: profile.id }));
    if (assigned && !request.switch('allowDeleteAssigned', false)) throw new Fault('graph.ProfileIsAssigned');
    await em.delete(ProfileAssignment, { profileId: profile.id });
    await em.delete(DeploymentProfile, { id: profile.id });
  });
  return graphEmpty();
}

const entityOf = (request: GraphRequest, profile: DeploymentProfile): Record<string, unknown> => ({
  '@odata.context': request.context(`${profileResource}/$entity`),
  ...encodeProfile(profile),
});
