import { Fault } from '@greenscreen/host/faults';

/** Where the next page starts: after an entry of the collection's own order, or at a number when `$orderby` orders it. */
export type Position = { readonly at: string; readonly id: string } | { readonly offset: number };

/** Opaque to clients. */
export const encodeSkipToken = (position: Position): string => Buffer.from(JSON.stringify(position)).toString('base64url');

export function decodeSkipToken(token: string): Position {
  const position = parse(token);
  if (typeof position === 'object' && position !== null) {
    if ('offset' in position && typeof position.offset === 'number' && Number.isSafeInteger(position.offset) && position.offset >= 0)
      return { offset: position.offset };
    if ('at' in position && 'id' in position && typeof position.at === 'string' && typeof position.id === 'string') {
      if (!Number.isNaN(Date.parse(position.at)) && /^[0-9a-f-]{36}$/.test(position.id)) return { at: position.at, id: position.id };
    }
  }
  throw new Fault('graph.BadQuery', { reason: 'The skip token is not valid.' });
}

function parse(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
