import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import { graphJson } from '../graph-reply.js';
import { type GraphRequest } from '../request/graph-request.js';
import { type FieldTable } from './fields.js';
import { filterCondition, orderColumn, searchCondition } from './filter-sql.js';
import { selected } from './shape.js';
import { decodeSkipToken, encodeSkipToken, type Position } from './skip-token.js';

/** A collection that a client can page through. */
export interface Listing<E extends ObjectLiteral> {
  /** `deviceManagement/windowsAutopilotDeviceIdentities`: what `@odata.context` names. */
  readonly resource: string;
  /** Rows with the alias `row`, already limited to what the caller may see. */
  readonly rows: SelectQueryBuilder<E>;
  readonly fields: FieldTable;
  /** The collection's own order, in properties of the entity: by time and id, or the latest first by a number. */
  readonly order: readonly [at: keyof E & string, id: keyof E & string] | { readonly latestBy: keyof E & string };
  readonly encode: (rows: E[]) => Promise<Record<string, unknown>[]> | Record<string, unknown>[];
}

const PAGE_SIZE = 1000;

/**
 * One page of a collection as `$filter`, `$search`, `$orderby`, `$top`, `$skip`, `$skiptoken`, `$count` and `$select` ask (reference 01, 3.1).
 * Pages of the collection's own order are found by the last entry, so that nothing is skipped when entries come or go in between. The
 * last page has no `@odata.nextLink`: clients test for its absence.
 */
export async function listPage<E extends ObjectLiteral>(request: GraphRequest, listing: Listing<E>): Promise<Reply> {
  const { query } = request;
  const size = Math.min(query.top ?? PAGE_SIZE, request.switch('pageSize', PAGE_SIZE));
  refuseStrictSpaces(request);
  const { rows, fields } = listing;
  for (const condition of [query.filter && filterCondition(query.filter, fields), query.search && searchCondition(query.search, fields)])
    if (condition) rows.andWhere(`(${condition.sql})`, { ...condition.parameters });
  const count = query.count ? await rows.getCount() : undefined;
  const position = query.skipToken === undefined ? undefined : decodeSkipToken(query.skipToken);
  const offset = startPage(request, listing, position);
  const found = size === 0 ? [] : await rows.limit(size + 1).getMany();
  const page = found.slice(0, size);
  const last = page.at(-1);
  const next = found.length > size && last ? positionAfter(request, listing, last, offset + size) : undefined;
  return graphJson(200, {
    '@odata.context': request.context(listing.resource),
    ...(count === undefined ? {} : { '@odata.count': count }),
    ...(next ? { '@odata.nextLink': nextLink(request, next) } : {}),
    value: (await listing.encode(page)).map((entity) => selected(entity, query.select)),
  });
}

/** The real service fails on values with blanks; clients know and filter on the first word (reference 01, 3.1). */
function refuseStrictSpaces(request: GraphRequest): void {
  const { filterText = '' } = request.query;
  if (request.switch('strictSpaces', false) && /'[^']* [^']*'/.test(filterText)) throw new Fault('graph.StrictSpaces');
}

/** Orders the rows and moves to where the page starts; returns that as a number for collections that are paged by one. */
function startPage<E extends ObjectLiteral>(
  { query }: GraphRequest,
  { rows, fields, order }: Listing<E>,
  position: Position | undefined,
): number {
  for (const { property, descending } of query.orderBy) rows.addOrderBy(orderColumn(fields, property), descending ? 'DESC' : 'ASC');
  if ('latestBy' in order) rows.addOrderBy(`row.${order.latestBy}`, 'DESC');
  else {
    const [at, id] = order;
    rows.addOrderBy(`row.${at}`, 'ASC').addOrderBy(`row.${id}`, 'ASC');
    if (position && 'at' in position) {
      rows.andWhere(`(row.${at}, row.${id}) > (:afterAt, :afterId)`, { afterAt: new Date(position.at), afterId: position.id });
      return 0;
    }
  }
  const offset = position && 'offset' in position ? position.offset : (query.skip ?? 0);
  rows.offset(offset);
  return offset;
}

function positionAfter<E extends ObjectLiteral>({ query }: GraphRequest, { order }: Listing<E>, last: E, offset: number): Position {
  if ('latestBy' in order || query.orderBy.length > 0) return { offset };
  const [time, id]: unknown[] = [last[order[0]], last[order[1]]];
  return time instanceof Date && typeof id === 'string' ? { at: time.toISOString(), id } : { offset };
}

/** The same request with another token: fetchable as it stands, on the origin that the client used. */
function nextLink(request: GraphRequest, position: Position): string {
  const [path = '', query = ''] = request.exchange.path.split(/\?(.*)/s);
  const others = query.split('&').filter((piece) => piece !== '' && !/^(\$|%24)?skip(token)?=/i.test(piece));
  return `${request.origin}${path}?${[...others, `$skiptoken=${encodeSkipToken(position)}`].join('&')}`;
}
