export { Fault, type FaultDetail, type FaultEntry, type FaultTable, faultText } from './fault.js';
export { BlandFilter, type FaultDialect, FaultFilter, type Refusal } from './fault.filter.js';
