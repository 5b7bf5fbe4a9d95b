import { ODataError } from './odata-error.js';

/** One `"property:text"` of a `$search`. */
export interface SearchTerm {
  /** Lower case. */
  readonly property: string;
  readonly text: string;
}

/**
 * Parses the `$search` of directory objects: `"property:text"` terms joined by AND or OR; alternatives of conjunctions. Clients leave the
 * quotes out (reference 01, 3.6). Throws {@link ODataError} for a term without a property.
 */
export function parseSearch(search: string): SearchTerm[][] {
  return search
    .trim()
    .split(/\s+OR\s+/)
    .map((alternative) => alternative.split(/\s+AND\s+/).map(termOf));
}

function termOf(term: string): SearchTerm {
  const plain = term
    .trim()
    .replace(/^\(*"?/, '')
    .replace(/"?\)*$/, '');
  const colon = plain.indexOf(':');
  if (colon <= 0) throw new ODataError(`Unrecognized query argument specified: '${term}'.`);
  return { property: plain.slice(0, colon).trim().toLowerCase(), text: plain.slice(colon + 1).trim() };
}
