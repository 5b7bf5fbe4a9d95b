import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { IntunePolicy, newPolicy, profileOf } from '@greenscreen/model/mdm-session';
import { type EntityManager } from 'typeorm';
import { z } from 'zod';
import { type AssignableResource, withAssignments } from '../assignments/assignments.operation.js';
import { graphEmpty, graphJson } from '../graph-reply.js';
import { entityReply, requireMatch } from '../odata/entity-reply.js';
import { dateField, type FieldTable, guidField, numberField, textField } from '../odata/fields.js';
import { listPage } from '../odata/list-page.js';
import { type GraphRequest } from '../request/graph-request.js';
import { isGuid } from '../request/path-keys.js';
import { readBody } from '../request/read-body.js';
import { decodeProfile, kindOf } from './configuration-types.js';
import { configurationResource, encodeConfiguration } from './configuration.json.js';

const fields: FieldTable = {
  id: guidField('row.id'),
  displayname: textField('row.displayName'),
  description: textField('row.description'),
  version: numberField('row.version'),
  createddatetime: dateField('row.createdAt'),
  lastmodifieddatetime: dateField('coalesce(row.modifiedAt, row.createdAt)'),
};

/** How configurations are assigned. */
export const assignableConfigurations: AssignableResource = {
  resource: configurationResource,
  assignmentType: '#microsoft.graph.deviceConfigurationAssignment',
  member: 'assignments',
  answer: 'assignments',
  find: findConfiguration,
  store: (_request, em, id, assignments) => em.update(IntunePolicy, { id }, { assignments }),
};

export async function listConfigurations(request: GraphRequest): Promise<Reply> {
  const { graph, tenant } = request;
  return listPage(request, {
    resource: configurationResource,
    rows: graph.em.createQueryBuilder(IntunePolicy, 'row').where('row.tenantId = :tenantId', { tenantId: tenant.id }),
    fields,
    order: ['createdAt', 'id'],
    encode: (rows) => rows.map((policy) => shown(request, policy)),
  });
}

export async function getConfiguration(request: GraphRequest, id: string): Promise<Reply> {
  const policy = await findConfiguration(request, request.graph.em, id);
  return entityReply(request, `${configurationResource}/$entity`, shown(request, policy));
}

const shown = (request: GraphRequest, policy: IntunePolicy): Record<string, unknown> =>
  withAssignments(request, assignableConfigurations, policy, encodeConfiguration(policy));

const configurationBody = z.object({
  '@odata.type': z.string().optional(),
  displayName: z.string().min(1).max(256).optional(),
  description: z.string().nullish(),
});

/** A new configuration goes to nobody until it is assigned. */
export async function createConfiguration(request: GraphRequest): Promise<Reply> {
  const { '@odata.type': type = '', displayName, description } = readBody(configurationBody);
  const kind = kindOf(type, request.version);
  if (!kind) throw new Fault('graph.BadRequest', { reason: `Configurations of the type '${type}' cannot be made here.` });
  if (displayName === undefined) throw new Fault('graph.BadRequest', { reason: 'A configuration needs a display name.' });
  const profile = decodeProfile(kind);
  const { graph, tenant, now } = request;
  const policy = await graph.transaction(async (em) => {
    const last = await em.maximum(IntunePolicy, 'position', { tenantId: tenant.id });
    const row = newPolicy(em, tenant.id, { name: displayName, profile, assignments: [] }, (last ?? 0) + 1, graph.random, now);
    row.description = description ?? '';
    await em.insert(IntunePolicy, row);
    return row;
  });
  return graphJson(201, { '@odata.context': request.context(`${configurationResource}/$entity`), ...encodeConfiguration(policy) });
}

/** A changed configuration has a new version: its devices get it at their next session. */
export async function updateConfiguration(request: GraphRequest, id: string): Promise<Reply> {
  const { '@odata.type': type, displayName, description } = readBody(configurationBody);
  const { graph, now } = request;
  const policy = await graph.transaction(async (em) => {
    const current = await findConfiguration(request, em, id);
    requireMatch(request, encodeConfiguration(current));
    const before = profileOf(current);
    if (type !== undefined && kindOf(type, request.version) !== before.kind)
      throw new Fault('graph.BadRequest', { reason: 'The type of a configuration cannot be changed.' });
    await em.update(
      IntunePolicy,
      { id: current.id },
      {
        uri: null,
        value: null,
        profile: decodeProfile(before.kind, before),
        displayName: displayName ?? (current.displayName || (current.uri ?? '')),
        description: description ?? current.description,
        version: current.version + 1,
        modifiedAt: now,
      },
    );
    return findConfiguration(request, em, id);
  });
  return graphJson(200, { '@odata.context': request.context(`${configurationResource}/$entity`), ...encodeConfiguration(policy) });
}

export async function deleteConfiguration(request: GraphRequest, id: string): Promise<Reply> {
  await request.graph.transaction(async (em) => {
    const policy = await findConfiguration(request, em, id);
    requireMatch(request, encodeConfiguration(policy));
    await em.delete(IntunePolicy, { id: policy.id });
  });
  return graphEmpty();
}

/** A configuration of the caller's tenant. */
async function findConfiguration({ tenant }: GraphRequest, em: EntityManager, id: string): Promise<IntunePolicy> {
  const policy = isGuid(id) ? await em.findOneBy(IntunePolicy, { id: id.toLowerCase(), tenantId: tenant.id }) : null;
  if (!policy) throw new Fault('graph.ResourceNotFound', { id });
  return policy;
}
