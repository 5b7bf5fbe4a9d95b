import { type EntityManager } from 'typeorm';
import { DirectoryGroup, DirectoryUser, GroupMember } from '../tenancy/index.js';
import { type AssignmentIntent, type IntuneAssignment, toEveryDevice } from './intune-assignment.js';

/** An assignment names a group or a user that the tenant does not have. */
export class UnknownNameError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnknownNameError';
  }
}

/** A group that a lab's description of a tenant wants to be there. */
export interface NamedGroup {
  readonly name: string;
  /** Dynamic membership rule; without one its members are assigned. */
  readonly rule?: string | undefined;
  /** Members of an assigned group by user principal name, or by the part before its `@`; devices are added when they exist. */
  readonly users: readonly string[];
}

/** Whom something goes to, in names: `allDevices`, `allUsers`, or groups by name or object id. */
export interface NamedAssignment {
  /** Every device unless given. */
  readonly assignTo?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly intent?: AssignmentIntent | undefined;
}

/** Makes groups that the tenant does not have yet, and gives those that it has this rule and these users. Throws {@link UnknownNameError}. */
export async function putGroups(
  em: EntityManager,
  tenantId: string,
  groups: readonly NamedGroup[],
  ids: { uuid(): string },
  now: Date,
): Promise<void> {
  if (groups.length === 0) return;
  const users = await em.findBy(DirectoryUser, { tenantId });
  for (const { name, rule, users: members } of groups) {
    const known = await em.findOneBy(DirectoryGroup, { tenantId, displayName: name });
    const id = known?.id ?? ids.uuid();
    const membershipRule = rule ?? null;
    if (known) await em.update(DirectoryGroup, { id }, { membershipRule });
    else await em.insert(DirectoryGroup, { id, tenantId, displayName: name, membershipRule, createdAt: now });
    await em.delete(GroupMember, { groupId: id, memberType: 'user' });
    const memberIds = members.map((member) => userIdOf(users, member));
    if (memberIds.length > 0)
      await em.insert(
        GroupMember,
        memberIds.map((memberId) => ({ groupId: id, memberId, memberType: 'user' as const })),
      );
  }
}

function userIdOf(users: readonly DirectoryUser[], name: string): string {
  const wanted = name.toLowerCase();
  const user = users.find(({ id, upn }) => id === wanted || upn === wanted || upn.startsWith(`${wanted}@`));
  if (!user) throw new UnknownNameError(`The tenant has no user "${name}"`);
  return user.id;
}

/** Turns names into assignments, reading the tenant's groups once. The result throws {@link UnknownNameError}. */
export async function assignmentsByName(em: EntityManager, tenantId: string): Promise<(named: NamedAssignment) => IntuneAssignment[]> {
  const groups = await em.find(DirectoryGroup, { where: { tenantId }, order: { createdAt: 'ASC', id: 'ASC' } });
  const groupId = (name: string): string => {
    const group = groups.find(({ id, displayName }) => displayName === name || id === name.toLowerCase());
    if (!group) throw new UnknownNameError(`The tenant has no group "${name}"`);
    return group.id;
  };
  return ({ assignTo, exclude = [], intent = 'required' }) => [
    ...(assignTo
      ? assignTo.map((name): IntuneAssignment =>
          name === 'allDevices' || name === 'allUsers'
            ? { target: name, groupId: null, intent }
            : { target: 'group', groupId: groupId(name), intent },
        )
      : toEveryDevice.map((all) => ({ ...all, intent }))),
    ...exclude.map((name): IntuneAssignment => ({ target: 'exclusionGroup', groupId: groupId(name), intent })),
  ];
}
