import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { IntuneCompliancePolicy } from '@greenscreen/model/mdm-session';
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
import { compliancePolicyResource, compliancePolicyType, demands, encodeCompliancePolicy } from './compliance-policy.json.js';

const fields: FieldTable = {
  id: guidField('row.id'),
  displayname: textField('row.displayName'),
  description: textField('row.description'),
  version: numberField('row.version'),
  createddatetime: dateField('row.createdAt'),
  lastmodifieddatetime: dateField('coalesce(row.modifiedAt, row.createdAt)'),
};

/** How compliance policies are assigned. */
export const assignableCompliancePolicies: AssignableResource = {
  resource: compliancePolicyResource,
  assignmentType: '#microsoft.graph.deviceCompliancePolicyAssignment',
  member: 'assignments',
  answer: 'assignments',
  find: findPolicy,
  store: (_request, em, id, assignments) => em.update(IntuneCompliancePolicy, { id }, { assignments }),
};

export async function listCompliancePolicies(request: GraphRequest): Promise<Reply> {
  const { graph, tenant } = request;
  return listPage(request, {
    resource: compliancePolicyResource,
    rows: graph.em.createQueryBuilder(IntuneCompliancePolicy, 'row').where('row.tenantId = :tenantId', { tenantId: tenant.id }),
    fields,
    order: ['createdAt', 'id'],
    encode: (rows) => rows.map((policy) => shown(request, policy)),
  });
}

export async function getCompliancePolicy(request: GraphRequest, id: string): Promise<Reply> {
  const policy = await findPolicy(request, request.graph.em, id);
  return entityReply(request, `${compliancePolicyResource}/$entity`, shown(request, policy));
}

const shown = (request: GraphRequest, policy: IntuneCompliancePolicy): Record<string, unknown> =>
  withAssignments(request, assignableCompliancePolicies, policy, encodeCompliancePolicy(policy));

const osVersion = z.string().regex(/^\d+(\.\d+){1,3}$/, 'is not a version such as 10.0.26100');

const policyBody = z.looseObject({
  '@odata.type': z.string().optional(),
  displayName: z.string().min(1).max(256).optional(),
  description: z.string().nullish(),
  osMinimumVersion: osVersion.nullish(),
  osMaximumVersion: osVersion.nullish(),
});

/** Demands that a body names; null takes one back. */
const settingsOf = (body: z.output<typeof policyBody>): object =>
  Object.fromEntries(Object.keys(demands).flatMap((name) => (body[name] === undefined ? [] : [[name, body[name]]])));

export async function createCompliancePolicy(request: GraphRequest): Promise<Reply> {
  const body = readBody(policyBody);
  const { '@odata.type': type = '', displayName, description } = body;
  if (type.replace(/^#?/, '#').toLowerCase() !== compliancePolicyType.toLowerCase())
    throw new Fault('graph.BadRequest', { reason: `Compliance policies of the type '${type}' cannot be made here.` });
  if (displayName === undefined) throw new Fault('graph.BadRequest', { reason: 'A compliance policy needs a display name.' });
  const { graph, tenant, now } = request;
  const policy = graph.em.create(IntuneCompliancePolicy, {
    id: graph.random.uuid(),
    tenantId: tenant.id,
    displayName,
    description: description ?? '',
    version: 1,
    settings: settingsOf(body),
    assignments: [],
    createdAt: now,
    modifiedAt: null,
  });
  await graph.em.insert(IntuneCompliancePolicy, policy);
  return graphJson(201, entityOf(request, policy));
}

/** A changed policy is evaluated anew at the next session of each of its devices. */
export async function updateCompliancePolicy(request: GraphRequest, id: string): Promise<Reply> {
  const body = readBody(policyBody);
  const { graph, now } = request;
  const policy = await graph.transaction(async (em) => {
    const current = await findPolicy(request, em, id);
    requireMatch(request, encodeCompliancePolicy(current));
    await em.update(
      IntuneCompliancePolicy,
      { id: current.id },
      {
        displayName: body.displayName ?? current.displayName,
        description: body.description ?? current.description,
        settings: { ...current.settings, ...settingsOf(body) },
        version: current.version + 1,
        modifiedAt: now,
      },
    );
    return findPolicy(request, em, id);
  });
  return graphJson(200, entityOf(request, policy));
}

export async function deleteCompliancePolicy(request: GraphRequest, id: string): Promise<Reply> {
  await request.graph.transaction(async (em) => {
    const policy = await findPolicy(request, em, id);
    requireMatch(request, encodeCompliancePolicy(policy));
    await em.delete(IntuneCompliancePolicy, { id: policy.id });
  });
  return graphEmpty();
}

const entityOf = (request: GraphRequest, policy: IntuneCompliancePolicy): Record<string, unknown> => ({
  '@odata.context': request.context(`${compliancePolicyResource}/$entity`),
  ...encodeCompliancePolicy(policy),
});

/** A compliance policy of the caller's tenant. */
async function findPolicy({ tenant }: GraphRequest, em: EntityManager, id: string): Promise<IntuneCompliancePolicy> {
  const policy = isGuid(id) ? await em.findOneBy(IntuneCompliancePolicy, { id: id.toLowerCase(), tenantId: tenant.id }) : null;
  if (!policy) throw new Fault('graph.ResourceNotFound', { id });
  return policy;
}
