export * from './device-facts.js';
export * from './endorsement-key.js';
export * from './error.js';
export * from './hardware-identity.js';
export * from './hardware-report.js';
export { decodeHardwareHash, decodeHardwareReport, encodeHardwareHash, encodeHardwareReport } from './hardware-report.codec.js';
export { missingCriticalFields, type Oa3Property, oa3PropertiesOf } from './oa3-properties.js';
export { describeHardwareHash, encodeOa3Report, oa3ToolOutput } from './oa3-report.js';
export { HASH_SIZE } from './text.js';
