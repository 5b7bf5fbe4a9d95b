import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { TenantDomain } from '@greenscreen/model/tenancy';
import { graphDate } from '@greenscreen/wire/graph';
import { graphJson } from '../graph-reply.js';
import { selected } from '../odata/shape.js';
import { entityReply } from '../odata/entity-reply.js';
import { type GraphRequest } from '../request/graph-request.js';

/** The tenant itself: scripts read its id and verified domains (reference 01, 3.6). */
export async function listOrganization(request: GraphRequest): Promise<Reply> {
  const value = [selected(await organizationOf(request), request.query.select)];
  return graphJson(200, { '@odata.context': request.context('organization'), value });
}

export async function getOrganization(request: GraphRequest, id: string): Promise<Reply> {
  if (id.toLowerCase() !== request.tenant.id) throw new Fault('graph.ResourceNotFound', { id });
  return graphJson(
    200,
    selected({ '@odata.context': request.context('organization/$entity'), ...(await organizationOf(request)) }, request.query.select),
  );
}

async function organizationOf(request: GraphRequest): Promise<Record<string, unknown>> {
  const { tenant } = request;
  return {
    id: tenant.id,
    displayName: tenant.displayName,
    createdDateTime: graphDate(tenant.createdAt),
    tenantType: 'AAD',
    countryLetterCode: null,
    technicalNotificationMails: [],
    mobileDeviceManagementAuthority: 'intune',
    assignedPlans: [
      { assignedDateTime: graphDate(tenant.createdAt), capabilityStatus: 'Enabled', service: 'SCO', servicePlanId: INTUNE_PLAN },
    ],
    verifiedDomains: (await domainsOf(request)).map(({ domain, isInitial, isDefault, authentication }) => ({
      capabilities: 'Email, OfficeCommunicationsOnline',
      isDefault,
      isInitial,
      name: domain,
      type: authentication,
    })),
  };
}

/** Service plan of Intune [doc: licensing service plan reference]. */
const INTUNE_PLAN = 'c1ec4a95-1f05-45b3-a911-aa3fa01094f5';

/** The default domain becomes CloudAssignedTenantDomain of an offline profile (reference 01, 3.6). */
export async function listDomains(request: GraphRequest): Promise<Reply> {
  const value = (await domainsOf(request)).map((domain) => selected(encodeDomain(domain), request.query.select));
  return graphJson(200, { '@odata.context': request.context('domains'), value });
}

export async function getDomain(request: GraphRequest, id: string): Promise<Reply> {
  const domain = (await domainsOf(request)).find((candidate) => candidate.domain === id.toLowerCase());
  if (!domain) throw new Fault('graph.ResourceNotFound', { id });
  return entityReply(request, 'domains/$entity', encodeDomain(domain));
}

const domainsOf = ({ graph, tenant }: GraphRequest): Promise<TenantDomain[]> =>
  graph.em.find(TenantDomain, { where: { tenantId: tenant.id }, order: { isInitial: 'DESC', domain: 'ASC' } });

const encodeDomain = ({ domain, isInitial, isDefault, authentication }: TenantDomain): Record<string, unknown> => ({
  id: domain,
  authenticationType: authentication,
  availabilityStatus: null,
  isAdminManaged: true,
  isDefault,
  isInitial,
  isRoot: true,
  isVerified: true,
  supportedServices: ['Email', 'OfficeCommunicationsOnline', 'Intune'],
});
