import { FaultRule } from './fault-rule.entity.js';

export { type FaultAction, type FaultMatch, type FaultResponse, type RecordChange } from './fault-rule.js';
export { FaultRule } from './fault-rule.entity.js';

export const faultEntities = [FaultRule];
