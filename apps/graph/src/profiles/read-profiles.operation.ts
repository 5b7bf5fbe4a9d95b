import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { DeploymentProfile, ProfileAssignment } from '@greenscreen/model/autopilot';
import { type EntityManager } from 'typeorm';
import { identityResource } from '../identities/identity.json.js';
import { identityRows, listIdentities } from '../identities/read-identities.operation.js';
import { booleanField, dateField, guidField, textField } from '../odata/fields.js';
import { entityReply } from '../odata/entity-reply.js';
import { listPage } from '../odata/list-page.js';
import { type GraphRequest } from '../request/graph-request.js';
import { isGuid } from '../request/path-keys.js';
import { encodeAssignment } from './assignment.json.js';
import { encodeProfile, profileResource } from './profile.json.js';

const fields = {
  id: guidField('row.id'),
  displayname: textField('row.displayName'),
  description: textField('row.description'),
  locale: textField('row.locale'),
  language: textField('row.locale'),
  devicetype: textField('row.deviceType'),
  devicenametemplate: textField('row.deviceNameTemplate'),
  preprovisioningallowed: booleanField('row.preprovisioningAllowed'),
  enablewhiteglove: booleanField('row.preprovisioningAllowed'),
  createddatetime: dateField('row.createdDateTime'),
  lastmodifieddatetime: dateField('row.lastModifiedDateTime'),
};

export async function listProfiles(request: GraphRequest): Promise<Reply> {
  const { graph, tenant } = request;
  return listPage(request, {
    resource: profileResource,
    rows: graph.em.createQueryBuilder(DeploymentProfile, 'row').where('row.tenantId = :tenantId', { tenantId: tenant.id }),
    fields,
    order: ['createdDateTime', 'id'],
    encode: (rows) => Promise.all(rows.map((profile) => withAssignments(request, profile))),
  });
}

export async function getProfile(request: GraphRequest, id: string): Promise<Reply> {
  const profile = await findProfile(request, request.graph.em, id);
  const entity = await withAssignments(request, profile);
  return entityReply(request, `${profileResource}/$entity`, entity);
}

/** `$expand=assignments` adds them. */
async function withAssignments({ graph, query }: GraphRequest, profile: DeploymentProfile): Promise<Record<string, unknown>> {
  if (!query.expand.includes('assignments')) return encodeProfile(profile);
  const assignments = await graph.em.find(ProfileAssignment, { where: { profileId: profile.id }, order: { createdAt: 'ASC', id: 'ASC' } });
  return { ...encodeProfile(profile), assignments: assignments.filter(({ target }) => target !== 'device').map(encodeAssignment) };
}

/** Registrations that have the profile. */
export async function listAssignedDevices(request: GraphRequest, id: string): Promise<Reply> {
  const profile = await findProfile(request, request.graph.em, id);
  const rows = identityRows(request).andWhere('row.profileId = :profileId', { profileId: profile.id });
  return listIdentities(request, rows, identityResource);
}

/** A profile of the caller's tenant. */
export async function findProfile({ tenant }: GraphRequest, em: EntityManager, id: string): Promise<DeploymentProfile> {
  const profile = isGuid(id) ? await em.findOneBy(DeploymentProfile, { id: id.toLowerCase(), tenantId: tenant.id }) : null;
  if (!profile) throw new Fault('graph.ResourceNotFound', { id });
  return profile;
}
