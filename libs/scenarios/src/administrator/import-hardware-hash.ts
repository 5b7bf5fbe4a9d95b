import { type AutopilotCsvRow, decodeAutopilotCsv } from '@greenscreen/wire/autopilot-csv';
import { AdministratorError } from './administrator-error.js';
import { addToGroup, nameDevice, waitForAssignment } from './after-import.js';
import { type ClientCredentials, type Entity, GraphSession, type Http, textOf } from './graph-session.js';
import { IDENTITIES, IMPORTS, type ImportState, importStateOf, lookUntil, type Patience, postImport } from './import-records.js';

export interface HardwareHashImport extends ClientCredentials, Patience {
  /** A CSV file as the collecting script writes it, in any of its encodings. */
  readonly csv: Buffer | string;
  /** Instead of the file's own. */
  readonly groupTag?: string;
  /** User principal name; instead of the file's own. */
  readonly user?: string;
  /** Display name of a group that the devices' directory objects are put into. */
  readonly addToGroup?: string;
  readonly computerName?: string;
  /** Waits until a deployment profile is assigned. */
  readonly assign?: boolean;
}

/** A device that is registered now. */
export interface ImportedDevice {
  readonly importId: string;
  readonly serialNumber: string;
  readonly ztdId: string;
  /** `deviceId` of the pre-created directory object. */
  readonly entraDeviceId: string;
}

export interface ImportFailure extends ImportState {
  readonly serialNumber: string;
}

export interface ImportResult {
  readonly imported: readonly ImportedDevice[];
  /** Devices that the service refused, with DDS code and name. */
  readonly failed: readonly ImportFailure[];
}

/**
 * What `Get-WindowsAutopilotInfo -Online` does once it has its hashes, call by call (reference 01, 3.7): token; each device posted; each
 * record read until it is no longer `unknown`; each identity read; then group, name and assignment as wished. It never synchronises, and
 * leaves the import records. Throws {@link AutopilotCsvError} before the first call, {@link AdministratorError} afterwards.
 */
export async function importHardwareHash(http: Http, wish: HardwareHashImport): Promise<ImportResult> {
  const rows = rowsOf(wish);
  const graph = await GraphSession.open(http, wish);
  const posted: { importId: string; serialNumber: string }[] = [];
  for (const row of rows) posted.push({ importId: await postImport(graph, row), serialNumber: row.serialNumber });
  const states = await waitForImports(
    graph,
    posted.map(({ importId }) => importId),
    wish,
  );
  const ended = posted.map((device, index) => ({ ...device, state: stateAt(states, index) }));
  const imported: ImportedDevice[] = [];
  for (const { importId, serialNumber, state } of ended)
    if (state.status === 'complete') imported.push(await readIdentity(graph, state.registrationId, importId, serialNumber, wish));
  if (wish.addToGroup !== undefined) await addToGroup(graph, wish.addToGroup, imported);
  if (wish.computerName !== undefined) for (const device of imported) await nameDevice(graph, wish.computerName, device);
  if (wish.assign) for (const device of imported) await waitForAssignment(graph, device, wish);
  const failed = ended.filter(({ state }) => state.status !== 'complete').map(({ serialNumber, state }) => ({ serialNumber, ...state }));
  return { imported, failed };
}

/** The file's rows with the wishes for all of them. */
export function rowsOf({ csv, groupTag, user }: Pick<HardwareHashImport, 'csv' | 'groupTag' | 'user'>): AutopilotCsvRow[] {
  return decodeAutopilotCsv(typeof csv === 'string' ? Buffer.from(csv, 'utf8') : csv).map((row) => ({
    ...row,
    groupTag: groupTag ?? row.groupTag,
    assignedUser: user ?? row.assignedUser,
  }));
}

/** Reads every record at each look, as the script does, until none is `unknown`. */
function waitForImports(graph: GraphSession, ids: readonly string[], patience: Patience): Promise<ImportState[]> {
  return lookUntil('import', patience, async () => {
    const states: ImportState[] = [];
    for (const id of ids) states.push(importStateOf(await graph.call({ operation: 'GetImport', path: `${IMPORTS}/${id}` })));
    return states.every(({ status }) => status !== 'unknown') ? states : undefined;
  });
}

function stateAt(states: readonly ImportState[], index: number): ImportState {
  const state = states[index];
  if (!state) throw new AdministratorError('import', 'a record got lost');
  return state;
}

/** The script's "sync" is to see the new identity. */
async function readIdentity(
  graph: GraphSession,
  ztdId: string,
  importId: string,
  serialNumber: string,
  patience: Patience,
): Promise<ImportedDevice> {
  const identity: Entity = await lookUntil('sync', patience, async () => {
    try {
      return await graph.call({ operation: 'GetIdentity', path: `${IDENTITIES}/${ztdId}` });
    } catch (error) {
      if (error instanceof AdministratorError && error.status === 404) return undefined;
      throw error;
    }
  });
  return {
    importId,
    serialNumber: textOf(identity, 'serialNumber') || serialNumber,
    ztdId,
    entraDeviceId: textOf(identity, 'azureActiveDirectoryDeviceId'),
  };
}
