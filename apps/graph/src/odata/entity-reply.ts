import { Fault } from '@greenscreen/host/faults';
import { type Reply } from '@greenscreen/host/reply';
import { createHash } from 'node:crypto';
import { graphEmpty, graphJson } from '../graph-reply.js';
import { type GraphRequest } from '../request/graph-request.js';
import { selected } from './shape.js';

type Entity = Readonly<Record<string, unknown>>;

/** Weak tag of what an entity says at the moment [our choice]. */
const etagOf = (entity: Entity): string => `W/"${createHash('sha1').update(JSON.stringify(entity)).digest('base64url')}"`;

/** Whether a list of tags, or `*`, has one. */
const names = (header: string, etag: string): boolean =>
  header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag.replace(/^W\//, ''));

/** One entity at the top level, never wrapped in `value` (reference 01, 3.1); 304 when the client has it already. */
export function entityReply(request: GraphRequest, resource: string, entity: Entity): Reply {
  const etag = etagOf(entity);
  const known = request.exchange.headers['if-none-match'];
  if (known !== undefined && names(known, etag)) return graphEmpty(304, { ETag: etag });
  const body = selected({ '@odata.context': request.context(resource), ...entity }, request.query.select);
  return graphJson(200, body, { ETag: etag });
}

/** Refuses to change an entity that is no longer what the client has seen (`If-Match`). */
export function requireMatch(request: GraphRequest, entity: Entity): void {
  const expected = request.exchange.headers['if-match'];
  if (expected !== undefined && !names(expected, etagOf(entity))) throw new Fault('graph.PreconditionFailed');
}
