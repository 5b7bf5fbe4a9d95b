/** Where a node counts: the device, or the user who is signed in (reference 04, 4.4). */
export type NodeScope = 'device' | 'user';

const PREFIX = /^\.\/(?:(Device|User)(?:\/|$))?/i;

/** Percent-encodes one segment as Windows writes it: `MS DM Server` → `MS%20DM%20Server`, `{…}` → `%7B…%7D`. */
export const encodeSegment = (segment: string): string =>
  encodeURIComponent(segment).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/** Segments of a LocURI, decoded, without the leading `.` and the scope. A malformed escape stays as it is. */
export function segmentsOf(uri: string): string[] {
  return uri
    .replace(PREFIX, '')
    .split('?')[0]!
    .split('/')
    .filter((segment) => segment !== '')
    .map(decodeSegment);
}

export function scopeOf(uri: string): NodeScope {
  return /^\.\/User(\/|$)/i.test(uri) ? 'user' : 'device';
}

/**
 * One spelling for a node: `./Device/…` or `./User/…`, each segment encoded. `./Vendor/MSFT/X` and `./Device/Vendor/MSFT/X` are the same
 * node; so are `MS%20DM%20Server` and `MS DM Server`.
 */
export function canonicalUri(uri: string): string {
  const root = scopeOf(uri) === 'user' ? './User' : './Device';
  return [root, ...segmentsOf(uri).map(encodeSegment)].join('/');
}

/** A LocURI below a parent, which is used as it is. */
export const under = (parent: string, ...segments: readonly string[]): string => [parent, ...segments.map(encodeSegment)].join('/');

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
