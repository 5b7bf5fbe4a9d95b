import { type AutopilotCsvRow } from '@greenscreen/wire/autopilot-csv';
import { AdministratorError } from './administrator-error.js';
import { type Entity, type GraphSession, isEntity, textOf } from './graph-session.js';

export const IMPORTS = '/beta/deviceManagement/importedWindowsAutopilotDeviceIdentities';
export const IDENTITIES = '/beta/deviceManagement/windowsAutopilotDeviceIdentities';

/** `state` of an import record. */
export interface ImportState {
  readonly status: string;
  readonly registrationId: string;
  readonly errorCode: number;
  readonly errorName: string;
}

export function importStateOf(record: Entity): ImportState {
  const state = isEntity(record.state) ? record.state : {};
  const { deviceErrorCode } = state;
  return {
    status: textOf(state, 'deviceImportStatus'),
    registrationId: textOf(state, 'deviceRegistrationId'),
    errorCode: typeof deviceErrorCode === 'number' ? deviceErrorCode : 0,
    errorName: textOf(state, 'deviceErrorName'),
  };
}

/** Posts one device as the public module does, annotations and the ignored state included (reference 01, 3.2). Returns the record's id. */
export async function postImport(graph: GraphSession, row: AutopilotCsvRow): Promise<string> {
  const record = await graph.call({
    operation: 'ImportIdentity',
    method: 'POST',
    path: IMPORTS,
    body: {
      '@odata.type': '#microsoft.graph.importedWindowsAutopilotDeviceIdentity',
      groupTag: row.groupTag,
      serialNumber: row.serialNumber,
      productKey: row.productId,
      hardwareIdentifier: row.hardwareHash,
      assignedUserPrincipalName: row.assignedUser,
      state: {
        '@odata.type': 'microsoft.graph.importedWindowsAutopilotDeviceIdentityState',
        deviceImportStatus: 'pending',
        deviceRegistrationId: '',
        deviceErrorCode: 0,
        deviceErrorName: '',
      },
    },
  });
  const id = textOf(record, 'id');
  if (!id) throw new AdministratorError('ImportIdentity', 'the record has no id');
  return id;
}

/** How long the script waits for something to happen. */
export interface Patience {
  /** Waits so many milliseconds between two looks; real time unless given. A run moves its tenant's clock instead. */
  readonly pause?: (milliseconds: number) => Promise<void>;
  /** Milliseconds between two looks; the public script's are 30 s. */
  readonly interval?: number;
  /** Looks before it gives up; the public script never does. */
  readonly looks?: number;
}

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Looks until there is something to see. */
export async function lookUntil<T>(
  what: string,
  { pause = sleep, interval = 1000, looks = 60 }: Patience,
  look: () => Promise<T | undefined>,
): Promise<T> {
  for (let count = 1; count <= looks; count++) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (count < looks) await pause(interval);
  }
  throw new AdministratorError(what, `nothing after ${looks} looks, ${interval} ms apart`);
}
