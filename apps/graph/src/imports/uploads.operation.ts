import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { ImportedIdentity, ImportedIdentityUpload } from '@greenscreen/model/autopilot';
import { graphDate } from '@greenscreen/wire/graph';
import { In } from 'typeorm';
import { graphJson } from '../graph-reply.js';
import { dateField, guidField } from '../odata/fields.js';
import { entityReply } from '../odata/entity-reply.js';
import { listPage } from '../odata/list-page.js';
import { type GraphRequest } from '../request/graph-request.js';
import { isGuid } from '../request/path-keys.js';
import { readBody } from '../request/read-body.js';
import { importedIdentityBody } from './import-body.js';
import { type ImportWorker } from './import-worker.js';
import { encodeImportedIdentity } from './imported-identity.json.js';
import { postImports } from './post-imports.operation.js';

export const uploadResource = 'deviceManagement/importedWindowsAutopilotDeviceIdentityUploads';

const fields = { id: guidField('row.id'), createddatetimeutc: dateField('row.createdAt') };

export async function createUpload(request: GraphRequest): Promise<Reply> {
  const { graph, tenant, now } = request;
  const upload = graph.em.create(ImportedIdentityUpload, { id: graph.random.uuid(), tenantId: tenant.id, createdAt: now });
  await graph.em.insert(ImportedIdentityUpload, upload);
  return graphJson(201, { '@odata.context': request.context(`${uploadResource}/$entity`), ...encodeUpload(upload, []) });
}

export async function listUploads(request: GraphRequest, worker: ImportWorker): Promise<Reply> {
  const { graph, tenant } = request;
  await worker.settle(tenant.id);
  return listPage(request, {
    resource: uploadResource,
    rows: graph.em.createQueryBuilder(ImportedIdentityUpload, 'row').where('row.tenantId = :tenantId', { tenantId: tenant.id }),
    fields,
    order: ['createdAt', 'id'],
    encode: (uploads) => withIdentities(request, uploads),
  });
}

export async function getUpload(request: GraphRequest, worker: ImportWorker, id: string): Promise<Reply> {
  await worker.settle(request.tenant.id);
  const [entity = {}] = await withIdentities(request, [await findUpload(request, id)]);
  return entityReply(request, `${uploadResource}/$entity`, entity);
}

/** Adds one device to an upload: an import like any other. */
export async function addToUpload(request: GraphRequest, worker: ImportWorker, id: string): Promise<Reply> {
  const upload = await findUpload(request, id);
  const [record] = (await postImports(request, worker, [readBody(importedIdentityBody)], upload)).map(encodeImportedIdentity);
  return graphJson(201, { '@odata.context': request.context(`${uploadResource}('${upload.id}')/deviceIdentities/$entity`), ...record });
}

async function withIdentities(
  { graph, query }: GraphRequest,
  uploads: readonly ImportedIdentityUpload[],
): Promise<Record<string, unknown>[]> {
  const ids = uploads.map(({ id }) => id);
  const rows =
    ids.length > 0 ? await graph.em.find(ImportedIdentity, { where: { uploadId: In(ids) }, order: { createdAt: 'ASC', id: 'ASC' } }) : [];
  return uploads.map((upload) => {
    const own = rows.filter(({ uploadId }) => uploadId === upload.id);
    const expanded = query.expand.includes('deviceidentities') ? { deviceIdentities: own.map(encodeImportedIdentity) } : {};
    return { ...encodeUpload(upload, own), ...expanded };
  });
}

const encodeUpload = ({ id, createdAt }: ImportedIdentityUpload, rows: readonly ImportedIdentity[]): Record<string, unknown> => ({
  id,
  createdDateTimeUtc: graphDate(createdAt),
  status: statusOf(rows),
});

/** Derived from the devices of the upload [our choice] (reference 01, 3.2). */
function statusOf(rows: readonly ImportedIdentity[]): 'noUpload' | 'pending' | 'complete' | 'error' {
  if (rows.length === 0) return 'noUpload';
  if (rows.some(({ status }) => status === 'unknown')) return 'pending';
  return rows.some(({ status }) => status === 'error') ? 'error' : 'complete';
}

async function findUpload({ graph, tenant }: GraphRequest, id: string): Promise<ImportedIdentityUpload> {
  const upload = isGuid(id) ? await graph.em.findOneBy(ImportedIdentityUpload, { id: id.toLowerCase(), tenantId: tenant.id }) : null;
  if (!upload) throw new Fault('graph.ResourceNotFound', { id });
  return upload;
}
