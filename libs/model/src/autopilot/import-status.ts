/** Graph `importedWindowsAutopilotDeviceIdentityImportStatus`, of which an import never takes `pending` or `partial`: clients wait only while they read `unknown` (reference 01, 3.2). */
export type ImportStatus = 'unknown' | 'complete' | 'error';
export type ImportEvent =
  /** Identity and directory object exist, in the same transaction. */
  | 'registered'
  /** A DDS code says why not. */
  | 'refused';

/** State × event → state. An ending is final: who wants to try again posts a new record. */
const transitions: Readonly<Record<ImportStatus, Readonly<Partial<Record<ImportEvent, ImportStatus>>>>> = {
  unknown: { registered: 'complete', refused: 'error' },
  complete: {},
  error: {},
};

/** The status after an event; undefined when the import has ended. */
export function nextImportStatus(status: ImportStatus, event: ImportEvent): ImportStatus | undefined {
  return transitions[status][event];
}
