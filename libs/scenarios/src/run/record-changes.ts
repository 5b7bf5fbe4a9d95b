import { isDeepStrictEqual } from 'node:util';
import { type DeviceRecords } from '../cloud/index.js';

/** Autopilot identity, Entra device, Intune device, deployment event (reference 05, A.3). */
export const recordNames = ['AP', 'DEV', 'MD', 'EVT'] as const;
export type RecordName = (typeof recordNames)[number];

/** One member of a record that differs between two looks; `path` is empty when the whole record came or went. */
export interface RecordChange {
  readonly record: RecordName;
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** What changed between two looks at a device's records, in the order of the records' members. */
export function recordChanges(before: DeviceRecords | undefined, after: DeviceRecords): RecordChange[] {
  return recordNames.flatMap((record) => changesOf(record, before?.[record] ?? null, after[record]));
}

function changesOf(record: RecordName, before: DeviceRecords[RecordName], after: DeviceRecords[RecordName]): RecordChange[] {
  if (before === null || after === null) return before === after ? [] : [{ record, path: '', from: before, to: after }];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((path) => !isDeepStrictEqual(before[path], after[path]))
    .map((path) => ({ record, path, from: before[path], to: after[path] }));
}
