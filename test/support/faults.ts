import { type FaultAction, type FaultMatch, FaultRule } from '@greenscreen/model/faults';
import { type TestCloud } from './cloud.js';
import { type TestTenant } from './tenant.js';

export interface ArmedFault {
  readonly service: string;
  readonly operation: string;
  readonly action: FaultAction;
  readonly match?: FaultMatch;
}

/** Arms a fault for requests that name the tenant, so that specs on the same database do not meet it. */
export async function armFault({ context }: TestCloud, { tenant }: TestTenant, { match = {}, ...fault }: ArmedFault): Promise<FaultRule> {
  const em = context.dataSource.manager;
  return em.save(em.create(FaultRule, { ...fault, match, run: null, tenantId: tenant.id, createdAt: new Date() }));
}
