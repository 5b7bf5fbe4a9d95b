import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { applyAssignments } from '@greenscreen/model/autopilot';
import { MembershipRuleError, parseRule } from '@greenscreen/model/membership';
import { DirectoryGroup, GroupMember } from '@greenscreen/model/tenancy';
import { graphDate } from '@greenscreen/wire/graph';
import { type EntityManager } from 'typeorm';
import { z } from 'zod';
import { graphEmpty, graphJson } from '../graph-reply.js';
import { dateField, guidField, textField } from '../odata/fields.js';
import { entityReply } from '../odata/entity-reply.js';
import { listPage } from '../odata/list-page.js';
import { type GraphRequest } from '../request/graph-request.js';
import { isGuid } from '../request/path-keys.js';
import { readBody } from '../request/read-body.js';

const fields = {
  id: guidField('row.id'),
  displayname: textField('row.displayName'),
  membershiprule: textField('row.membershipRule'),
  createddatetime: dateField('row.createdAt'),
};

/** Graph `group`: a security group, assigned or dynamic. */
export const encodeGroup = ({ id, displayName, membershipRule, createdAt }: DirectoryGroup): Record<string, unknown> => ({
  id,
  deletedDateTime: null,
  createdDateTime: graphDate(createdAt),
  description: null,
  displayName,
  groupTypes: membershipRule === null ? [] : ['DynamicMembership'],
  mail: null,
  mailEnabled: false,
  mailNickname: id.slice(0, 8),
  membershipRule,
  membershipRuleProcessingState: membershipRule === null ? null : 'On',
  securityEnabled: true,
  visibility: null,
});

export async function listGroups(request: GraphRequest): Promise<Reply> {
  const { graph, tenant } = request;
  return listPage(request, {
    resource: 'groups',
    rows: graph.em.createQueryBuilder(DirectoryGroup, 'row').where('row.tenantId = :tenantId', { tenantId: tenant.id }),
    fields,
    order: ['createdAt', 'id'],
    encode: (rows) => rows.map(encodeGroup),
  });
}

export async function getGroup(request: GraphRequest, id: string): Promise<Reply> {
  const group = await findGroup(request, request.graph.em, id);
  return entityReply(request, 'groups/$entity', encodeGroup(group));
}

const groupBody = z.object({
  displayName: z.string().min(1).max(256).optional(),
  membershipRule: z.string().nullish(),
  groupTypes: z.array(z.string()).optional(),
});

export async function createGroup(request: GraphRequest): Promise<Reply> {
  const { displayName, membershipRule, groupTypes = [] } = readBody(groupBody);
  const { graph, tenant, now } = request;
  if (displayName === undefined)
    throw new Fault('graph.BadRequest', { reason: "A value is required for property 'displayName' of resource 'Group'." });
  const dynamic = groupTypes.some((type) => type.toLowerCase() === 'dynamicmembership');
  const group = graph.em.create(DirectoryGroup, {
    id: graph.random.uuid(),
    tenantId: tenant.id,
    displayName,
    membershipRule: dynamic ? checkedRule(membershipRule ?? '') : null,
    createdAt: now,
  });
  await graph.em.insert(DirectoryGroup, group);
  return graphJson(201, { '@odata.context': request.context('groups/$entity'), ...encodeGroup(group) });
}

/** A changed rule moves devices to other profiles. */
export async function updateGroup(request: GraphRequest, id: string): Promise<Reply> {
  const body = readBody(groupBody);
  const { graph, tenant, now } = request;
  await graph.transaction(async (em) => {
    const group = await findGroup(request, em, id);
    const membershipRule = group.membershipRule === null ? null : checkedRule(body.membershipRule ?? group.membershipRule);
    await em.update(DirectoryGroup, { id: group.id }, { displayName: body.displayName ?? group.displayName, membershipRule });
    await applyAssignments(em, tenant.id, now);
  });
  return graphEmpty();
}

export async function deleteGroup(request: GraphRequest, id: string): Promise<Reply> {
  const { graph, tenant, now } = request;
  await graph.transaction(async (em) => {
    const group = await findGroup(request, em, id);
    await em.delete(GroupMember, { groupId: group.id });
    await em.delete(DirectoryGroup, { id: group.id });
    await applyAssignments(em, tenant.id, now);
  });
  return graphEmpty();
}

function checkedRule(rule: string): string {
  try {
    parseRule(rule);
    return rule;
  } catch (error) {
    if (error instanceof MembershipRuleError) throw new Fault('graph.BadRequest', { reason: `Invalid membership rule: ${error.message}.` });
    throw error;
  }
}

/** A group of the caller's tenant. */
export async function findGroup({ tenant }: GraphRequest, em: EntityManager, id: string): Promise<DirectoryGroup> {
  const group = isGuid(id) ? await em.findOneBy(DirectoryGroup, { id: id.toLowerCase(), tenantId: tenant.id }) : null;
  if (!group) throw new Fault('graph.ResourceNotFound', { id });
  return group;
}
