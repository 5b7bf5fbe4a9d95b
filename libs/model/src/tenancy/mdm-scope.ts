import { type EntityManager } from 'typeorm';
import { GroupMember } from './group.entity.js';
import { MdmApplication } from './mdm-application.entity.js';
import { type DirectoryUser } from './user.entity.js';

const applicationsOf = (em: EntityManager, tenantId: string): Promise<MdmApplication[]> =>
  em.find(MdmApplication, { where: { tenantId }, order: { appId: 'ASC' } });

/** The tenant's MDM applications whose scope covers a user, by application id. */
export async function mdmApplicationsOfUser(em: EntityManager, user: DirectoryUser): Promise<MdmApplication[]> {
  const inScope: MdmApplication[] = [];
  for (const application of await applicationsOf(em, user.tenantId)) if (await covers(em, application, user)) inScope.push(application);
  return inScope;
}

/** The same for a device without a user: scopes are about users, so only an application that is switched off is left out [our choice]. */
export async function mdmApplicationsOfDevice(em: EntityManager, tenantId: string): Promise<MdmApplication[]> {
  return (await applicationsOf(em, tenantId)).filter(({ scope }) => scope !== 'none');
}

async function covers(em: EntityManager, { scope, scopeGroupId }: MdmApplication, user: DirectoryUser): Promise<boolean> {
  if (scope !== 'some') return scope === 'all';
  return scopeGroupId !== null && em.existsBy(GroupMember, { groupId: scopeGroupId, memberId: user.id });
}
