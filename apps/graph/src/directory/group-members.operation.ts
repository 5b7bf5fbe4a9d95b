import { type Check, runChecks } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { applyAssignments, AutopilotDevice } from '@greenscreen/model/autopilot';
import { EntraDevice } from '@greenscreen/model/directory';
import { deviceSubject, evaluateRule, MembershipRuleError, parseRule, ruleSubjectKind, userSubject } from '@greenscreen/model/membership';
import { DirectoryGroup, DirectoryUser, GroupMember } from '@greenscreen/model/tenancy';
import { type EntityManager, In, Not } from 'typeorm';
import { z } from 'zod';
import { graphEmpty, graphJson } from '../graph-reply.js';
import { selected } from '../odata/shape.js';
import { type GraphRequest } from '../request/graph-request.js';
import { isGuid } from '../request/path-keys.js';
import { readBody } from '../request/read-body.js';
import { encodeDevices, findDevice } from './devices.operation.js';
import { encodeGroup, findGroup } from './groups.operation.js';
import { encodeUser } from './user.json.js';

interface Members {
  readonly devices: EntraDevice[];
  readonly users: DirectoryUser[];
}

/** Members of a group; those of a dynamic one are worked out when somebody asks. */
export async function listMembers(request: GraphRequest, id: string): Promise<Reply> {
  const { em } = request.graph;
  const group = await findGroup(request, em, id);
  const { devices, users } =
    group.membershipRule === null ? await assignedMembers(em, group) : await dynamicMembers(em, group, group.membershipRule);
  const value = [
    ...(await encodeDevices(em, devices)).map((device) => ({ '@odata.type': '#microsoft.graph.device', ...device })),
    ...users.map((user) => ({ '@odata.type': '#microsoft.graph.user', ...encodeUser(user) })),
  ];
  return graphJson(200, {
    '@odata.context': request.context('directoryObjects'),
    value: value.map((member) => selected(member, request.query.select)),
  });
}

async function assignedMembers(em: EntityManager, { id }: DirectoryGroup): Promise<Members> {
  const ids = (await em.findBy(GroupMember, { groupId: id })).map(({ memberId }) => memberId);
  if (ids.length === 0) return { devices: [], users: [] };
  return {
    devices: await em.findBy(EntraDevice, { objectId: In(ids), state: Not('deleted') }),
    users: await em.findBy(DirectoryUser, { id: In(ids) }),
  };
}

async function dynamicMembers(em: EntityManager, { tenantId }: DirectoryGroup, text: string): Promise<Members> {
  const holds = predicateOf(text);
  if (ruleSubjectKind(text) === 'user')
    return { devices: [], users: (await em.findBy(DirectoryUser, { tenantId })).filter((user) => holds(userSubject(user))) };
  const devices = await em.findBy(EntraDevice, { tenantId, state: Not('deleted') });
  return { devices: devices.filter((device) => holds(deviceSubject(device))), users: [] };
}

/** An unreadable rule has no members. */
function predicateOf(text: string): (subject: Parameters<typeof evaluateRule>[1]) => boolean {
  try {
    const rule = parseRule(text);
    return (subject) => evaluateRule(rule, subject);
  } catch (error) {
    if (error instanceof MembershipRuleError) return () => false;
    throw error;
  }
}

/** Groups that a device object is in. */
export async function memberOf(request: GraphRequest, key: string): Promise<Reply> {
  const { em } = request.graph;
  const device = await findDevice(request, em, key);
  const groups = await em.find(DirectoryGroup, { where: { tenantId: request.tenant.id }, order: { createdAt: 'ASC', id: 'ASC' } });
  const assigned = new Set((await em.findBy(GroupMember, { memberId: device.objectId })).map(({ groupId }) => groupId));
  const found = groups.filter(({ id, membershipRule }) =>
    membershipRule === null
      ? assigned.has(id)
      : ruleSubjectKind(membershipRule) === 'device' && predicateOf(membershipRule)(deviceSubject(device)),
  );
  const value = found.map((group) => selected({ '@odata.type': '#microsoft.graph.group', ...encodeGroup(group) }, request.query.select));
  return graphJson(200, { '@odata.context': request.context('directoryObjects'), value });
}

const referenceBody = z.object({ '@odata.id': z.string() });

interface NewMember {
  readonly request: GraphRequest;
  readonly em: EntityManager;
  readonly group: DirectoryGroup;
  readonly memberId: string;
  memberType?: GroupMember['memberType'];
}

function groupIsAssigned({ group }: NewMember): void {
  if (group.membershipRule !== null)
    throw new Fault('graph.BadRequest', {
      reason: 'Insufficient privileges to complete the operation on a group with dynamic membership.',
    });
}

async function memberExists(state: NewMember): Promise<void> {
  const { em, memberId, request } = state;
  const tenantId = request.tenant.id;
  if (isGuid(memberId)) {
    if (await em.existsBy(EntraDevice, { objectId: memberId, tenantId, state: Not('deleted') })) state.memberType = 'device';
    else if (await em.existsBy(DirectoryUser, { id: memberId, tenantId })) state.memberType = 'user';
  }
  if (state.memberType === undefined) throw new Fault('graph.ResourceNotFound', { id: memberId });
}

async function memberIsNew({ em, group, memberId }: NewMember): Promise<void> {
  if (await em.existsBy(GroupMember, { groupId: group.id, memberId })) throw new Fault('graph.AlreadyMember');
}

const checks: readonly Check<NewMember>[] = [groupIsAssigned, memberExists, memberIsNew];

/** `members/$ref`: `@odata.id` is the address of a directory object. */
export async function addMember(request: GraphRequest, id: string): Promise<Reply> {
  const reference = readBody(referenceBody)['@odata.id'];
  const memberId = /\/([^/]+)\/?$/.exec(reference)?.[1]?.toLowerCase() ?? '';
  const { graph, tenant, now } = request;
  await graph.transaction(async (em) => {
    const state: NewMember = { request, em, group: await findGroup(request, em, id), memberId };
    await runChecks(state, checks);
    await em.insert(GroupMember, { groupId: state.group.id, memberId, memberType: state.memberType ?? 'device' });
    await applyAssignments(em, tenant.id, now, await registrationsOf(em, tenant.id, memberId));
  });
  return graphEmpty();
}

export async function removeMember(request: GraphRequest, id: string, memberId: string): Promise<Reply> {
  const { graph, tenant, now } = request;
  await graph.transaction(async (em) => {
    const group = await findGroup(request, em, id);
    const { affected } = isGuid(memberId)
      ? await em.delete(GroupMember, { groupId: group.id, memberId: memberId.toLowerCase() })
      : { affected: 0 };
    if (!affected) throw new Fault('graph.ResourceNotFound', { id: memberId });
    await applyAssignments(em, tenant.id, now, await registrationsOf(em, tenant.id, memberId.toLowerCase()));
  });
  return graphEmpty();
}

/** ZTD ids of the registrations that stand on a directory object. */
async function registrationsOf(em: EntityManager, tenantId: string, objectId: string): Promise<string[]> {
  const object = await em.findOneBy(EntraDevice, { objectId, tenantId });
  const devices = object
    ? await em.find(AutopilotDevice, { where: { tenantId, entraDeviceId: object.deviceId }, select: { ztdId: true } })
    : [];
  return devices.map(({ ztdId }) => ztdId);
}
