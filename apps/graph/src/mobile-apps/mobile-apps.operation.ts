import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { IntuneApp, newApp } from '@greenscreen/model/mdm-session';
import { type EntityManager } from 'typeorm';
import { z } from 'zod';
import { type AssignableResource, withAssignments } from '../assignments/assignments.operation.js';
import { graphEmpty, graphJson } from '../graph-reply.js';
import { entityReply, requireMatch } from '../odata/entity-reply.js';
import { dateField, type FieldTable, textField } from '../odata/fields.js';
import { listPage } from '../odata/list-page.js';
import { type GraphRequest } from '../request/graph-request.js';
import { isGuid } from '../request/path-keys.js';
import { readBody } from '../request/read-body.js';
import { appTypes, encodeMobileApp, keptMembers, mobileAppResource } from './mobile-app.json.js';

const fields: FieldTable = {
  id: textField('row.id'),
  displayname: textField('row.name'),
  description: textField('row.description'),
  publisher: textField('row.publisher'),
  createddatetime: dateField('row.createdAt'),
  lastmodifieddatetime: dateField('coalesce(row.modifiedAt, row.createdAt)'),
};

/** How apps are assigned. */
export const assignableApps: AssignableResource = {
  resource: mobileAppResource,
  assignmentType: '#microsoft.graph.mobileAppAssignment',
  member: 'mobileAppAssignments',
  answer: 'nothing',
  find: findApp,
  store: ({ tenant }, em, id, assignments) => em.update(IntuneApp, { tenantId: tenant.id, id }, { assignments }),
};

export async function listApps(request: GraphRequest): Promise<Reply> {
  const { graph, tenant } = request;
  return listPage(request, {
    resource: mobileAppResource,
    rows: graph.em.createQueryBuilder(IntuneApp, 'row').where('row.tenantId = :tenantId', { tenantId: tenant.id }),
    fields,
    order: ['createdAt', 'id'],
    encode: (rows) => rows.map((app) => shown(request, app)),
  });
}

export async function getApp(request: GraphRequest, id: string): Promise<Reply> {
  const app = await findApp(request, request.graph.em, id);
  return entityReply(request, `${mobileAppResource}/$entity`, shown(request, app));
}

const shown = (request: GraphRequest, app: IntuneApp): Record<string, unknown> =>
  withAssignments(request, assignableApps, app, encodeMobileApp(app));

const appBody = z.looseObject({
  '@odata.type': z.string().optional(),
  displayName: z.string().min(1).max(256).optional(),
  description: z.string().nullish(),
  publisher: z.string().nullish(),
  installCommandLine: z.string().nullish(),
  displayVersion: z.string().nullish(),
  productVersion: z.string().nullish(),
  productCode: z
    .string()
    .regex(/^\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}$/i)
    .nullish(),
});
type AppBody = z.output<typeof appBody>;

const typeOf = (type: string): 'win32' | 'lob' | undefined =>
  (['win32', 'lob'] as const).find((kind) => appTypes[kind].toLowerCase() === type.replace(/^#?/, '#').toLowerCase());

/** What clients say of an app beside what the lab acts on. */
const metadataOf = (type: IntuneApp['type'], body: AppBody): object =>
  Object.fromEntries(keptMembers(type).flatMap((name) => (body[name] == null ? [] : [[name, body[name]]])));

/** A new app goes to nobody until it is assigned. Its installer succeeds after 20 seconds. */
export async function createApp(request: GraphRequest): Promise<Reply> {
  const body = readBody(appBody);
  const type = typeOf(body['@odata.type'] ?? '');
  if (!type) throw new Fault('graph.BadRequest', { reason: `Apps of the type '${body['@odata.type'] ?? ''}' cannot be made here.` });
  if (body.displayName === undefined) throw new Fault('graph.BadRequest', { reason: 'An app needs a display name.' });
  if (type === 'lob' && body.productCode == null) throw new Fault('graph.BadRequest', { reason: 'An MSI needs its product code.' });
  const { graph, tenant, now } = request;
  const given = {
    id: graph.random.uuid(),
    type,
    name: body.displayName,
    description: body.description ?? undefined,
    publisher: body.publisher ?? undefined,
    version: body.productVersion ?? body.displayVersion ?? undefined,
    productCode: body.productCode ?? undefined,
    detection: 'match',
    exitCode: 0,
    seconds: 20,
    assignments: [],
  } as const;
  const app = await graph.transaction(async (em) => {
    const last = await em.maximum(IntuneApp, 'position', { tenantId: tenant.id });
    const row = newApp(em, tenant.id, given, (last ?? 0) + 1, graph.random, now);
    row.metadata = metadataOf(type, body);
    await em.insert(IntuneApp, row);
    return row;
  });
  return graphJson(201, { '@odata.context': request.context(`${mobileAppResource}/$entity`), ...encodeMobileApp(app) });
}

export async function updateApp(request: GraphRequest, id: string): Promise<Reply> {
  const body = readBody(appBody);
  const { graph, tenant, now } = request;
  const app = await graph.transaction(async (em) => {
    const current = await findApp(request, em, id);
    requireMatch(request, encodeMobileApp(current));
    await em.update(
      IntuneApp,
      { tenantId: tenant.id, id: current.id },
      {
        name: body.displayName ?? current.name,
        description: body.description ?? current.description,
        publisher: body.publisher ?? current.publisher,
        version: body.productVersion ?? body.displayVersion ?? current.version,
        productCode: current.type === 'lob' ? (body.productCode?.toUpperCase() ?? current.productCode) : null,
        metadata: { ...current.metadata, ...metadataOf(current.type, body) },
        modifiedAt: now,
      },
    );
    return findApp(request, em, id);
  });
  return graphJson(200, { '@odata.context': request.context(`${mobileAppResource}/$entity`), ...encodeMobileApp(app) });
}

export async function deleteApp(request: GraphRequest, id: string): Promise<Reply> {
  const { graph, tenant } = request;
  await graph.transaction(async (em) => {
    const app = await findApp(request, em, id);
    requireMatch(request, encodeMobileApp(app));
    await em.delete(IntuneApp, { tenantId: tenant.id, id: app.id });
  });
  return graphEmpty();
}

/** An app of the caller's tenant: by GUID, or by the short name that a scenario gave it. */
async function findApp({ tenant }: GraphRequest, em: EntityManager, id: string): Promise<IntuneApp> {
  const app = await em.findOneBy(IntuneApp, { tenantId: tenant.id, id: isGuid(id) ? id.toLowerCase() : id });
  if (!app) throw new Fault('graph.ResourceNotFound', { id });
  return app;
}
