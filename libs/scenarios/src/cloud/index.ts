export { ControlClient, ControlError, type WantedRun, type WantedTenant } from './control-client.js';
export { type ServerSentEvent } from './event-stream.js';
export {
  type DeviceRecords,
  type FailureWalk,
  type FaultLine,
  type JournalExchange,
  type JournalLine,
  type JournalPart,
  type JournalView,
  type Readiness,
  type RunDifferences,
  type RunSummary,
  type RunTenant,
  type RunTimeline,
  type Snapshot,
  type TenantSummary,
  type TimelineStep,
} from './messages.js';
