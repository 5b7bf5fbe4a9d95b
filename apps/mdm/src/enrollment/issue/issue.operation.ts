import { runChecks } from '@greenscreen/host/exchange';
import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { type MdmEnrollment } from '@greenscreen/model/mdm-enrollment';
import { switchOf, type Tenant } from '@greenscreen/model/tenancy';
import { type SoapMessage } from '@greenscreen/wire/soap';
import { type CspNode } from '@greenscreen/wire/wap';
import { encodeResponseCollection, type RequestSecurityToken } from '@greenscreen/wire/wstep';
import { type EntityManager } from 'typeorm';
import { type MdmServices } from '../../mdm-services.js';
import { soapReply } from '../soap-request.js';
import { Admission, EnrollmentRequest } from './admission.js';
import { admissionChecks } from './admission.checks.js';
import { enroll } from './enroll.js';
import { failDeploymentOf } from './fail-deployment.js';
import { deviceAuthority } from './issue-certificate.js';
import { oneAtATime } from './one-at-a-time.js';
import { provisioningDocumentOf } from './provisioning-document.js';
import { requestChecks } from './request.checks.js';
import { AssignedWork } from '../../management/session/assigned-work.js';
import { certificateProfiles, networkProfiles } from '../../profiles/index.js';
import { statusPageNodes } from '../../status-page/index.js';

/** `RequestSecurityToken`, Issue (MS-WSTEP, MS-MDE2 3.3; reference 04, section 3). */
export async function issueOperation(mdm: MdmServices, message: SoapMessage, rst: RequestSecurityToken): Promise<Reply> {
  const request = new EnrollmentRequest(mdm, message, rst);
  try {
    await runChecks(request, requestChecks);
    const now = await mdm.clock.now(request.principal.tenant.id);
    const document = await issue(request, now);
    return soapReply(encodeResponseCollection({ relatesTo: message.messageId, created: now, document }));
  } catch (error) {
    if (error instanceof Fault) await failDeploymentOf(request, error);
    throw error;
  }
}

/** Decides and issues in one transaction, so that a refusal leaves no trace and the one-time gate is consumed with the certificate. */
async function issue(request: EnrollmentRequest, now: Date): Promise<Buffer> {
  const { mdm, principal, context } = request;
  const authorities = await deviceAuthority(mdm);
  return mdm.transaction(async (em) => {
    await oneAtATime(em, principal.entraDeviceId);
    const admission = new Admission(request, em, now);
    await runChecks(admission, admissionChecks);
    const { enrollment, certificate } = await enroll(admission, authorities.ca);
    return provisioningDocumentOf({
      enrollment,
      certificate,
      ...authorities,
      tenant: principal.tenant,
      deviceName: context.get('DeviceName') ?? '',
      upn: principal.user?.upn,
      statusPage: switchOf(principal.tenant, 'mdm.espInProvisioningDoc', true) ? await pageOf(em, principal.tenant, enrollment) : [],
    });
  });
}

/** The page as the first session will write it again: nobody is signed in yet. */
async function pageOf(em: EntityManager, tenant: Tenant, { id: enrollmentId, tenantId, entraDeviceId }: MdmEnrollment): Promise<CspNode[]> {
  const assigned = new AssignedWork(em, () => ({ tenantId, enrollmentId, entraDeviceId, signedInId: null, ownUser: false }));
  const policies = (await assigned.policies()).map(({ policy }) => policy);
  return statusPageNodes(tenant, {
    apps: await assigned.deviceApps(),
    networks: networkProfiles(policies),
    certificates: certificateProfiles(policies),
  });
}
