import { type CheckpointName, type TimelineEntry } from '@greenscreen/device/context';
import { type RecordChange } from './record-changes.js';

/** What happened in a run: on the device, and to the cloud's records since the checkpoint before. `at` is the device's time. */
export type RunEntry =
  | TimelineEntry
  | { readonly at: Date; readonly kind: 'records'; readonly checkpoint: CheckpointName; readonly changes: readonly RecordChange[] };
