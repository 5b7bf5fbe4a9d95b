import { type FaultAction, type FaultMatch, type FaultRule } from '@greenscreen/model/faults';
import { type TestCloud } from './cloud.js';
import { type TestTenant } from './tenant.js';

export interface ArmedFault {
  readonly service: string;
  readonly operation: string;
  readonly action: FaultAction;
  readonly match?: FaultMatch;
}

/** Arms a fault for requests that name the tenant, so that specs on the same database do not meet it. */
export function armFault({ context }: TestCloud, { tenant }: TestTenant, fault: ArmedFault): Promise<FaultRule> {
  return context.faultRules.arm({ ...fault, tenantId: tenant.id });
}
