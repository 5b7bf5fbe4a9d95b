import { type DirectoryUser, GroupMember, MdmApplication } from '@greenscreen/model/tenancy';
import { type EntityManager } from 'typeorm';

/** The tenant's MDM applications whose scope covers a user, by application id. */
export async function mdmApplicationsOf(em: EntityManager, user: DirectoryUser): Promise<MdmApplication[]> {
  const applications = await em.find(MdmApplication, { where: { tenantId: user.tenantId }, order: { appId: 'ASC' } });
  const inScope: MdmApplication[] = [];
  for (const application of applications) if (await covers(em, application, user)) inScope.push(application);
  return inScope;
}

async function covers(em: EntityManager, { scope, scopeGroupId }: MdmApplication, user: DirectoryUser): Promise<boolean> {
  if (scope !== 'some') return scope === 'all';
  return scopeGroupId !== null && em.existsBy(GroupMember, { groupId: scopeGroupId, memberId: user.id });
}

/**
 * MDM discovery data for the OOBE web app, from the first application in scope; none when the list is empty, so that the device joins but
 * does not enroll (reference 02, 5.3; 06, D-B36). Two spellings of the terms claim, since which one Windows reads is unknown.
 */
export async function mdmClaims(em: EntityManager, user: DirectoryUser): Promise<Record<string, string>> {
  const [application] = await mdmApplicationsOf(em, user);
  if (!application) return {};
  const { enrollmentUrl, termsOfUseUrl, complianceUrl } = application;
  return {
    mdm_enrollment_url: enrollmentUrl,
    ...(termsOfUseUrl ? { mdm_terms_of_use_url: termsOfUseUrl, mdm_tou_url: termsOfUseUrl } : {}),
    ...(complianceUrl ? { mdm_compliance_url: complianceUrl } : {}),
  };
}
