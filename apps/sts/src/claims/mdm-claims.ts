import { type DirectoryUser, mdmApplicationsOfUser } from '@greenscreen/model/tenancy';
import { type EntityManager } from 'typeorm';

/**
 * MDM discovery data for the OOBE web app, from the first application in scope; none when the list is empty, so that the device joins but
 * does not enroll (reference 02, 5.3; 06, D-B36). Two spellings of the terms claim, since which one Windows reads is unknown.
 */
export async function mdmClaims(em: EntityManager, user: DirectoryUser): Promise<Record<string, string>> {
  const [application] = await mdmApplicationsOfUser(em, user);
  if (!application) return {};
  const { enrollmentUrl, termsOfUseUrl, complianceUrl } = application;
  return {
    mdm_enrollment_url: enrollmentUrl,
    ...(termsOfUseUrl ? { mdm_terms_of_use_url: termsOfUseUrl, mdm_tou_url: termsOfUseUrl } : {}),
    ...(complianceUrl ? { mdm_compliance_url: complianceUrl } : {}),
  };
}
