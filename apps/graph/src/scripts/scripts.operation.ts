import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { IntuneScript } from '@greenscreen/model/mdm-session';
import { graphDate } from '@greenscreen/wire/graph';
import { type EntityManager } from 'typeorm';
import { z } from 'zod';
import { type AssignableResource, withAssignments } from '../assignments/assignments.operation.js';
import { graphEmpty, graphJson } from '../graph-reply.js';
import { entityReply, requireMatch } from '../odata/entity-reply.js';
import { dateField, type FieldTable, guidField, textField } from '../odata/fields.js';
import { listPage } from '../odata/list-page.js';
import { type GraphRequest } from '../request/graph-request.js';
import { isGuid } from '../request/path-keys.js';
import { readBody } from '../request/read-body.js';

export const scriptResource = 'deviceManagement/deviceManagementScripts';

const fields: FieldTable = {
  id: guidField('row.id'),
  displayname: textField('row.displayName'),
  description: textField('row.description'),
  filename: textField('row.fileName'),
  createddatetime: dateField('row.createdAt'),
  lastmodifieddatetime: dateField('coalesce(row.modifiedAt, row.createdAt)'),
};

/** How scripts are assigned. */
export const assignableScripts: AssignableResource = {
  resource: scriptResource,
  assignmentType: '#microsoft.graph.deviceManagementScriptAssignment',
  member: 'deviceManagementScriptAssignments',
  answer: 'nothing',
  find: findScript,
  store: (_request, em, id, assignments) => em.update(IntuneScript, { id }, { assignments }),
};

/** Graph `deviceManagementScript`. */
const encodeScript = (script: IntuneScript): Record<string, unknown> => ({
  id: script.id,
  displayName: script.displayName,
  description: script.description,
  scriptContent: script.content.toString('base64'),
  createdDateTime: graphDate(script.createdAt),
  lastModifiedDateTime: graphDate(script.modifiedAt ?? script.createdAt),
  runAsAccount: script.runAsAccount,
  enforceSignatureCheck: script.enforceSignatureCheck,
  fileName: script.fileName,
  roleScopeTagIds: ['0'],
  runAs32Bit: script.runAs32Bit,
});

const shown = (request: GraphRequest, script: IntuneScript): Record<string, unknown> =>
  withAssignments(request, assignableScripts, script, encodeScript(script));

/** Contents are in single answers only. */
export async function listScripts(request: GraphRequest): Promise<Reply> {
  const { graph, tenant } = request;
  return listPage(request, {
    resource: scriptResource,
    rows: graph.em.createQueryBuilder(IntuneScript, 'row').where('row.tenantId = :tenantId', { tenantId: tenant.id }),
    fields,
    order: ['createdAt', 'id'],
    encode: (rows) => rows.map((script) => ({ ...shown(request, script), scriptContent: null })),
  });
}

export async function getScript(request: GraphRequest, id: string): Promise<Reply> {
  const script = await findScript(request, request.graph.em, id);
  return entityReply(request, `${scriptResource}/$entity`, shown(request, script));
}

const scriptBody = z.object({
  displayName: z.string().min(1).max(256).optional(),
  description: z.string().nullish(),
  /** At most 200 KB (documentation of PowerShell scripts in Intune). */
  scriptContent: z.base64().min(1).max(273_068).nullish(),
  fileName: z.string().nullish(),
  runAsAccount: z.enum(['system', 'user']).nullish(),
  enforceSignatureCheck: z.boolean().nullish(),
  runAs32Bit: z.boolean().nullish(),
});

/** A new script goes to nobody until it is assigned. */
export async function createScript(request: GraphRequest): Promise<Reply> {
  const { displayName, description, scriptContent, fileName, runAsAccount, enforceSignatureCheck, runAs32Bit } = readBody(scriptBody);
  if (displayName === undefined || scriptContent == null)
    throw new Fault('graph.BadRequest', { reason: 'A script needs a display name and its content.' });
  const { graph, tenant, now } = request;
  const script = graph.em.create(IntuneScript, {
    id: graph.random.uuid(),
    tenantId: tenant.id,
    displayName,
    description: description ?? '',
    fileName: fileName ?? '',
    content: Buffer.from(scriptContent, 'base64'),
    runAsAccount: runAsAccount ?? 'system',
    enforceSignatureCheck: enforceSignatureCheck ?? false,
    runAs32Bit: runAs32Bit ?? false,
    version: 1,
    assignments: [],
    createdAt: now,
    modifiedAt: null,
  });
  await graph.em.insert(IntuneScript, script);
  return graphJson(201, entityOf(request, script));
}

/** A changed script has a new version, which the agent runs again. */
export async function updateScript(request: GraphRequest, id: string): Promise<Reply> {
  const body = readBody(scriptBody);
  const { graph, now } = request;
  const script = await graph.transaction(async (em) => {
    const current = await findScript(request, em, id);
    requireMatch(request, encodeScript(current));
    await em.update(
      IntuneScript,
      { id: current.id },
      {
        displayName: body.displayName ?? current.displayName,
        description: body.description ?? current.description,
        fileName: body.fileName ?? current.fileName,
        content: body.scriptContent == null ? current.content : Buffer.from(body.scriptContent, 'base64'),
        runAsAccount: body.runAsAccount ?? current.runAsAccount,
        enforceSignatureCheck: body.enforceSignatureCheck ?? current.enforceSignatureCheck,
        runAs32Bit: body.runAs32Bit ?? current.runAs32Bit,
        version: current.version + 1,
        modifiedAt: now,
      },
    );
    return findScript(request, em, id);
  });
  return graphJson(200, entityOf(request, script));
}

export async function deleteScript(request: GraphRequest, id: string): Promise<Reply> {
  await request.graph.transaction(async (em) => {
    const script = await findScript(request, em, id);
    requireMatch(request, encodeScript(script));
    await em.delete(IntuneScript, { id: script.id });
  });
  return graphEmpty();
}

const entityOf = (request: GraphRequest, script: IntuneScript): Record<string, unknown> => ({
  '@odata.context': request.context(`${scriptResource}/$entity`),
  ...encodeScript(script),
});

/** A script of the caller's tenant. */
async function findScript({ tenant }: GraphRequest, em: EntityManager, id: string): Promise<IntuneScript> {
  const script = isGuid(id) ? await em.findOneBy(IntuneScript, { id: id.toLowerCase(), tenantId: tenant.id }) : null;
  if (!script) throw new Fault('graph.ResourceNotFound', { id });
  return script;
}
