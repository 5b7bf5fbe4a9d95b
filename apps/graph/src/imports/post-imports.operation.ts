import { ImportedIdentity, type ImportedIdentityUpload } from '@greenscreen/model/autopilot';
import { type EntityManager } from 'typeorm';
import { type GraphRequest } from '../request/graph-request.js';
import { hardwareIdentifierIsBinary, type ImportedIdentityBody } from './import-body.js';
import { type ImportWorker } from './import-worker.js';

/**
 * Takes records in and starts the worker. They are answered as `unknown` even when nothing delays the import (06 D-A75); what is wrong with
 * one shows in its state later, except for a hash that is not even base64.
 */
export async function postImports(
  request: GraphRequest,
  worker: ImportWorker,
  bodies: readonly ImportedIdentityBody[],
  upload?: ImportedIdentityUpload,
): Promise<ImportedIdentity[]> {
  bodies.forEach(hardwareIdentifierIsBinary);
  const { graph, tenant, now } = request;
  const delay = request.switch('importDelayMs', 0);
  const rows = bodies.map((body) =>
    graph.em.create(ImportedIdentity, {
      ...body,
      id: graph.random.uuid(),
      tenantId: tenant.id,
      importId: body.importId || graph.random.uuid(),
      status: 'unknown',
      registrationId: null,
      errorCode: 0,
      errorName: '',
      uploadId: upload?.id ?? null,
      createdAt: now,
      dueAt: new Date(now.getTime() + delay),
    }),
  );
  if (rows.length > 0) await graph.transaction((em) => insertAll(em, rows));
  worker.start(tenant.id, delay);
  return rows;
}

/** Postgres takes 65,535 parameters a statement. */
const ROWS_A_STATEMENT = 500;

async function insertAll(em: EntityManager, rows: readonly ImportedIdentity[]): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS_A_STATEMENT)
    await em.insert(ImportedIdentity, rows.slice(start, start + ROWS_A_STATEMENT));
}
