import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { DirectoryUser } from '@greenscreen/model/tenancy';
import { booleanField, dateField, guidField, textField } from '../odata/fields.js';
import { entityReply } from '../odata/entity-reply.js';
import { listPage } from '../odata/list-page.js';
import { type GraphRequest } from '../request/graph-request.js';
import { isGuid } from '../request/path-keys.js';
import { encodeUser } from './user.json.js';

const fields = {
  id: guidField('row.id'),
  userprincipalname: textField('row.upn'),
  mail: textField('row.upn'),
  displayname: textField('row.displayName'),
  givenname: textField('row.givenName'),
  surname: textField('row.surname'),
  accountenabled: booleanField('row.accountEnabled'),
  createddatetime: dateField('row.createdAt'),
};

/** What the default answer leaves out and `$select` may ask for. */
const encodeWhole = (user: DirectoryUser): Record<string, unknown> => ({
  ...encodeUser(user),
  accountEnabled: user.accountEnabled,
  userType: 'Member',
  createdDateTime: user.createdAt.toISOString(),
});

const shaped = ({ query }: GraphRequest, user: DirectoryUser): Record<string, unknown> =>
  query.select.length === 0 ? encodeUser(user) : encodeWhole(user);

export async function listUsers(request: GraphRequest): Promise<Reply> {
  const { graph, tenant } = request;
  return listPage(request, {
    resource: 'users',
    rows: graph.em.createQueryBuilder(DirectoryUser, 'row').where('row.tenantId = :tenantId', { tenantId: tenant.id }),
    fields,
    order: ['createdAt', 'id'],
    encode: (rows) => rows.map((user) => shaped(request, user)),
  });
}

/** By object id or user principal name. */
export async function getUser(request: GraphRequest, key: string): Promise<Reply> {
  const { graph, tenant } = request;
  const column = isGuid(key) ? { id: key.toLowerCase() } : { upn: key.toLowerCase() };
  const user = await graph.em.findOneBy(DirectoryUser, { ...column, tenantId: tenant.id });
  if (!user) throw new Fault('graph.ResourceNotFound', { id: key });
  return entityReply(request, 'users/$entity', shaped(request, user));
}

/** The person behind a delegated token; an application is nobody. */
export async function getMe(request: GraphRequest): Promise<Reply> {
  const { kind, oid } = request.claims;
  if (kind !== 'user' || oid === undefined)
    throw new Fault('graph.BadQuery', { reason: '/me request is only valid with delegated authentication flow.' });
  return getUser(request, oid);
}
