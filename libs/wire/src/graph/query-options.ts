import { type Filter, parseFilter } from './filter.js';
import { ODataError } from './odata-error.js';
import { parseSearch, type SearchTerm } from './search.js';

export interface OrderTerm {
  /** Lower case. */
  readonly property: string;
  readonly descending: boolean;
}

/** System query options of a request (reference 01, 3.1). */
export interface QueryOptions {
  readonly filter: Filter | undefined;
  /** The text of the filter, for messages and for what clients are refused on account of its characters. */
  readonly filterText: string | undefined;
  readonly search: readonly (readonly SearchTerm[])[] | undefined;
  readonly top: number | undefined;
  readonly skip: number | undefined;
  readonly skipToken: string | undefined;
  readonly count: boolean;
  readonly orderBy: readonly OrderTerm[];
  /** As the client spelt them; empty means every property. */
  readonly select: readonly string[];
  /** Lower case, without nested options. */
  readonly expand: readonly string[];
}

/**
 * Decodes the query of an address (after the `?`). Option names in any case, with or without `$`; values are percent-decoded once, `+` is
 * a blank. Throws {@link ODataError}.
 */
export function decodeQueryOptions(query: string): QueryOptions {
  const options = new Map<string, string>();
  for (const piece of query.split('&').filter(Boolean)) {
    const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(piece) ?? [];
    options.set(percentDecoded(name).toLowerCase().replace(/^\$/, ''), percentDecoded(value));
  }
  const filterText = options.get('filter');
  const search = options.get('search');
  return {
    filter: filterText === undefined ? undefined : parseFilter(filterText),
    filterText,
    search: search === undefined ? undefined : parseSearch(search),
    top: wholeNumber(options.get('top'), '$top'),
    skip: wholeNumber(options.get('skip'), '$skip'),
    skipToken: options.get('skiptoken'),
    count: options.get('count')?.toLowerCase() === 'true',
    orderBy: listOf(options.get('orderby')).map(orderTerm),
    select: listOf(options.get('select')),
    expand: listOf((options.get('expand') ?? '').replace(/\([^)]*\)/g, '')).map((name) => name.toLowerCase()),
  };
}

function percentDecoded(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

function wholeNumber(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new ODataError(`Invalid value '${text}' for ${name} query option found.`);
  return Number(text);
}

const listOf = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

function orderTerm(term: string): OrderTerm {
  const [property = '', direction = 'asc'] = term.toLowerCase().split(/\s+/);
  if (direction !== 'asc' && direction !== 'desc') throw new ODataError(`Syntax error in '$orderby=${term}'.`);
  return { property, descending: direction === 'desc' };
}
