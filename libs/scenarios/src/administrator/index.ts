export { AdministratorError } from './administrator-error.js';
export { type ClientCredentials, type Entity, type GraphCall, GraphSession, type Http, textOf } from './graph-session.js';
export { type AutopilotCsvImport, importAutopilotCsv } from './import-autopilot-csv.js';
export {
  type HardwareHashImport,
  type ImportedDevice,
  type ImportFailure,
  importHardwareHash,
  type ImportResult,
} from './import-hardware-hash.js';
export { offlineProfile, type OfflineProfileWish } from './offline-profile.js';
export { type Patience, postImport } from './import-records.js';
