import { canonicalUri } from '@greenscreen/wire/dm-tree';
import { type Item, type Results, statusCode } from '@greenscreen/wire/syncml';
import { takesLargeObjects } from '../session/large-objects.js';
import { type SessionWork } from '../session/session-work.js';

/** Bytes of the largest value that is put together [our choice]. */
const MAXIMUM = 4 * 1024 * 1024;

/**
 * The value of an item of Results, put together from its pieces; undefined while some are missing, and when they do not make what was
 * announced. Where large objects are off, each piece is a value.
 */
export function wholeValue(
  { session, tenant, pieces }: SessionWork,
  { cmdId, meta }: Results,
  uri: string,
  item: Item,
): string | undefined {
  const last = item.data ?? '';
  if (!takesLargeObjects(tenant)) return last;
  const before = session.partial && canonicalUri(session.partial.uri) === canonicalUri(uri) ? session.partial : undefined;
  if (!before && !item.moreData) return last;
  const data = (before?.data ?? '') + last;
  const bytes = Buffer.byteLength(data, 'utf8');
  const size = before?.size ?? item.meta?.size ?? meta?.size ?? null;
  const answer = (code: number): void => void pieces.push({ cmdId, code });
  session.partial = null;
  if (bytes > MAXIMUM) answer(statusCode.tooLarge);
  else if (item.moreData) {
    session.partial = { uri, format: before?.format ?? item.meta?.format ?? meta?.format ?? null, size, data };
    answer(statusCode.chunkAccepted);
  } else {
    const fits = size === null || size === bytes;
    answer(fits ? statusCode.ok : statusCode.sizeMismatch);
    if (fits) return data;
  }
  return undefined;
}
