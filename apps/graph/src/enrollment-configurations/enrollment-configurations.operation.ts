import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { changeTenant, type Tenant } from '@greenscreen/model/tenancy';
import { graphJson } from '../graph-reply.js';
import { entityReply, requireMatch } from '../odata/entity-reply.js';
import { selected } from '../odata/shape.js';
import { type GraphRequest } from '../request/graph-request.js';
import {
  encodeEnrollmentConfiguration,
  type EnrollmentConfiguration,
  enrollmentConfigurationResource,
  enrollmentConfigurations,
} from './enrollment-configurations.js';

/** A handful for each tenant: nobody pages through them, and they cannot be filtered. */
export function listEnrollmentConfigurations(request: GraphRequest): Reply {
  const { tenant, query } = request;
  if (query.filter) throw new Fault('graph.BadQuery', { reason: 'Enrollment configurations cannot be filtered.' });
  const all = enrollmentConfigurations.map((configuration) => encodeEnrollmentConfiguration(tenant, configuration));
  return graphJson(200, {
    '@odata.context': request.context(enrollmentConfigurationResource),
    ...(query.count ? { '@odata.count': all.length } : {}),
    value: all
      .slice(query.skip ?? 0)
      .slice(0, query.top)
      .map((entity) => selected(entity, query.select)),
  });
}

export function getEnrollmentConfiguration(request: GraphRequest, id: string): Reply {
  const entity = encodeEnrollmentConfiguration(request.tenant, configurationOf(request.tenant, id));
  return entityReply(request, `${enrollmentConfigurationResource}/$entity`, entity);
}

/** Changes the tenant's settings that the configuration is a view of. */
export async function updateEnrollmentConfiguration(request: GraphRequest, id: string): Promise<Reply> {
  const { graph, tenant } = request;
  const configuration = configurationOf(tenant, id);
  requireMatch(request, encodeEnrollmentConfiguration(tenant, configuration));
  const change = configuration.decode();
  const changed = await graph.transaction((em) => changeTenant(em, tenant.id, change, graph.random));
  if (!changed) throw new Fault('graph.ResourceNotFound', { id });
  return graphJson(200, {
    '@odata.context': request.context(`${enrollmentConfigurationResource}/$entity`),
    ...encodeEnrollmentConfiguration(changed, configuration),
  });
}

function configurationOf({ intuneAccountId }: Tenant, id: string): EnrollmentConfiguration {
  const found = enrollmentConfigurations.find(({ suffix }) => `${intuneAccountId}_${suffix}`.toLowerCase() === id.toLowerCase());
  if (!found) throw new Fault('graph.ResourceNotFound', { id });
  return found;
}
