export { type MachineOptions, machineToCertify, type MachineToCertify } from './machine-to-certify.js';
export { type TpmKind } from './manufacture.js';
export { needsCloudAlone } from './needs-cloud-alone.js';
export { type RecordChange, recordChanges, type RecordName, recordNames } from './record-changes.js';
export { type RunEntry } from './run-entry.js';
export { runEntrySchema } from './run-entry.schema.js';
export { runScenario } from './run-scenario.js';
export { seededTenant } from './seeded-tenant.js';
export { type CloudAddress, type RunIdentity, type RunOptions, type RunResult } from './run-types.js';
