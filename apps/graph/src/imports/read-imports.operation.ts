import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { ImportedIdentity } from '@greenscreen/model/autopilot';
import { graphEmpty } from '../graph-reply.js';
import { dateField, guidField, textField } from '../odata/fields.js';
import { entityReply } from '../odata/entity-reply.js';
import { listPage } from '../odata/list-page.js';
import { type GraphRequest } from '../request/graph-request.js';
import { isGuid } from '../request/path-keys.js';
import { type ImportWorker } from './import-worker.js';
import { encodeImportedIdentity, importResource } from './imported-identity.json.js';

const fields = {
  id: guidField('row.id'),
  grouptag: textField('row.groupTag'),
  serialnumber: textField('row.serialNumber'),
  productkey: textField('row.productKey'),
  importid: textField('row.importId'),
  assigneduserprincipalname: textField('row.assignedUserPrincipalName'),
  'state/deviceimportstatus': textField('row.status'),
  'state/deviceerrorname': textField('row.errorName'),
  'state/deviceregistrationid': guidField('row.registrationId'),
  createddatetime: dateField('row.createdAt'),
};

/** Who asks after imports sees what has become of those that are due. */
export async function listImports(request: GraphRequest, worker: ImportWorker): Promise<Reply> {
  const { graph, tenant } = request;
  await worker.settle(tenant.id);
  return listPage(request, {
    resource: importResource,
    rows: graph.em.createQueryBuilder(ImportedIdentity, 'row').where('row.tenantId = :tenantId', { tenantId: tenant.id }),
    fields,
    order: ['createdAt', 'id'],
    encode: (rows) => rows.map(encodeImportedIdentity),
  });
}

export async function getImport(request: GraphRequest, worker: ImportWorker, id: string): Promise<Reply> {
  await worker.settle(request.tenant.id);
  const row = await findImport(request, id);
  return entityReply(request, `${importResource}/$entity`, encodeImportedIdentity(row));
}

/** Removes the status record, never the registration (reference 01, 7.3). */
export async function deleteImport(request: GraphRequest, worker: ImportWorker, id: string): Promise<Reply> {
  await worker.settle(request.tenant.id);
  const row = await findImport(request, id);
  await request.graph.em.delete(ImportedIdentity, { id: row.id });
  return graphEmpty();
}

async function findImport({ graph, tenant }: GraphRequest, id: string): Promise<ImportedIdentity> {
  const row = isGuid(id) ? await graph.em.findOneBy(ImportedIdentity, { id: id.toLowerCase(), tenantId: tenant.id }) : null;
  if (!row) throw new Fault('graph.ResourceNotFound', { id });
  return row;
}
