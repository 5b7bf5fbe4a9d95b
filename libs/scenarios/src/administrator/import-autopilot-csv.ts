import { type ClientCredentials, type Entity, GraphSession, type Http, textOf } from './graph-session.js';
import { type ImportFailure, type ImportResult, rowsOf } from './import-hardware-hash.js';
import { IMPORTS, importStateOf, lookUntil, type Patience, postImport } from './import-records.js';

export interface AutopilotCsvImport extends ClientCredentials, Patience {
  /** A CSV file in any of its encodings. */
  readonly csv: Buffer | string;
  readonly groupTag?: string;
}

/**
 * What the module's `Import-AutopilotCSV` does (reference 01, 3.7): every device posted, the whole list of import records read until none is
 * `unknown`, every record deleted. Entra device ids are not asked for and stay empty.
 */
export async function importAutopilotCsv(http: Http, wish: AutopilotCsvImport): Promise<ImportResult> {
  const rows = rowsOf(wish);
  const graph = await GraphSession.open(http, wish);
  for (const row of rows) await postImport(graph, row);
  const records = await lookUntil('import', wish, async () => {
    const list = await graph.list({ operation: 'ListImports', path: IMPORTS });
    return list.some((record) => importStateOf(record).status === 'unknown') ? undefined : list;
  });
  for (const record of records)
    await graph.call({ operation: 'DeleteImport', method: 'DELETE', path: `${IMPORTS}/${textOf(record, 'id')}` });
  return { imported: records.flatMap(importedOf), failed: records.flatMap(failedOf) };
}

function importedOf(record: Entity): ImportResult['imported'][number][] {
  const { status, registrationId } = importStateOf(record);
  if (status !== 'complete') return [];
  return [{ importId: textOf(record, 'id'), serialNumber: textOf(record, 'serialNumber'), ztdId: registrationId, entraDeviceId: '' }];
}

function failedOf(record: Entity): ImportFailure[] {
  const state = importStateOf(record);
  return state.status === 'complete' ? [] : [{ serialNumber: textOf(record, 'serialNumber'), ...state }];
}
