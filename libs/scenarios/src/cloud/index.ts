export { ControlClient, ControlError, type WantedTenant } from './control-client.js';
export {
  type DeviceRecords,
  type JournalExchange,
  type JournalLine,
  type JournalPart,
  type JournalView,
  type Readiness,
  type RunTenant,
  type TenantSummary,
} from './messages.js';
