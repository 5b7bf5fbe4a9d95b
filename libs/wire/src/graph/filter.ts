import { ODataError } from './odata-error.js';

export type FilterValue = string | number | boolean | null;
export type CompareOperator = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';
export type TextFunction = 'contains' | 'startswith' | 'endswith';

/** A `$filter`, taken apart. Properties are lower case, path segments joined by `/`; inside `any` and `all` the member is the variable's name. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly filter: Filter }
  | { readonly kind: 'compare'; readonly property: string; readonly operator: CompareOperator; readonly value: FilterValue }
  | { readonly kind: 'in'; readonly property: string; readonly values: readonly FilterValue[] }
  | { readonly kind: 'text'; readonly property: string; readonly function: TextFunction; readonly value: string }
  | { readonly kind: 'any' | 'all'; readonly property: string; readonly variable: string; readonly filter: Filter };

const TOKEN = /\s*(?:(?<text>'(?:[^']|'')*')|(?<sign>[(),:])|(?<word>[^\s(),:']+(?::[^\s(),']*)*))/y;
type Token = { readonly kind: 'text' | 'sign' | 'word'; readonly text: string };

/** `2025-03-14T09:26:53Z`: the only words with colons inside; `x:x` of a lambda is not one. */
const DATE_TIME = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)?$/i;

function tokensOf(filter: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const length = filter.trimEnd().length;
  while (TOKEN.lastIndex < length) {
    const start = TOKEN.lastIndex;
    const groups = TOKEN.exec(filter)?.groups;
    if (!groups) throw new ODataError(`Syntax error at position ${start} in '${filter}'.`);
    const { text, sign, word = '' } = groups;
    if (text !== undefined) tokens.push({ kind: 'text', text: text.slice(1, -1).replaceAll("''", "'") });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else if (word.includes(':') && !DATE_TIME.test(word)) {
      const colon = word.indexOf(':');
      TOKEN.lastIndex -= word.length - colon;
      tokens.push({ kind: 'word', text: word.slice(0, colon) });
    } else tokens.push({ kind: 'word', text: word });
  }
  return tokens;
}

const compareOperators: readonly CompareOperator[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'];
const textFunctions: readonly TextFunction[] = ['contains', 'startswith', 'endswith'];

/** Deeper filters are refused: the parser calls itself. */
const MAX_DEPTH = 50;

class FilterParser {
  private at = 0;
  private depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly source: string,
  ) {}

  whole(): Filter {
    const filter = this.or();
    if (this.at < this.tokens.length) throw this.problem();
    return filter;
  }

  private or(): Filter {
    let left = this.and();
    while (this.takeWord('or')) left = { kind: 'or', left, right: this.and() };
    return left;
  }

  private and(): Filter {
    let left = this.primary();
    while (this.takeWord('and')) left = { kind: 'and', left, right: this.primary() };
    return left;
  }

  private primary(): Filter {
    if (++this.depth > MAX_DEPTH) throw new ODataError('The filter is nested too deeply.');
    try {
      if (this.takeWord('not')) return { kind: 'not', filter: this.primary() };
      if (!this.takeSign('(')) return this.predicate();
      const filter = this.or();
      this.expectSign(')');
      return filter;
    } finally {
      this.depth--;
    }
  }

  private predicate(): Filter {
    const name = textFunctions.find((candidate) => this.peekWord(candidate) && this.peekSign('(', 1));
    if (name !== undefined) return this.textFunction(name);
    const property = this.property();
    const lambda = /^(.*)\/(any|all)$/.exec(property);
    if (lambda && this.peekSign('(')) return this.lambda(lambda[2] === 'any' ? 'any' : 'all', lambda[1] ?? '');
    const operator = this.word().toLowerCase();
    if (operator === 'in') return { kind: 'in', property, values: this.values() };
    const compare = compareOperators.find((candidate) => candidate === operator);
    if (compare === undefined) throw this.problem();
    return { kind: 'compare', property, operator: compare, value: this.value() };
  }

  private textFunction(name: TextFunction): Filter {
    this.word();
    this.expectSign('(');
    const property = this.property();
    this.expectSign(',');
    const value = this.value();
    this.expectSign(')');
    if (typeof value !== 'string') throw this.problem();
    // `contains(p,'v') eq true` is another way to say it.
    if (this.takeWord('eq') && this.value() !== true) throw this.problem();
    return { kind: 'text', property, function: name, value };
  }

  private lambda(kind: 'any' | 'all', property: string): Filter {
    this.expectSign('(');
    const variable = this.word().toLowerCase();
    this.expectSign(':');
    const filter = this.or();
    this.expectSign(')');
    return { kind, property, variable, filter };
  }

  /** `tolower(p)` is `p`: text compares without regard to case here. */
  private property(): string {
    const word = this.word().toLowerCase();
    if ((word !== 'tolower' && word !== 'toupper') || !this.takeSign('(')) return word;
    const inner = this.property();
    this.expectSign(')');
    return inner;
  }

  private values(): FilterValue[] {
    this.expectSign('(');
    const values = [this.value()];
    while (this.takeSign(',')) values.push(this.value());
    this.expectSign(')');
    return values;
  }

  private value(): FilterValue {
    const token = this.tokens[this.at++];
    if (token?.kind === 'text') return token.text;
    if (token?.kind !== 'word') throw this.problem();
    const word = token.text;
    if (/^(true|false)$/i.test(word)) return word.toLowerCase() === 'true';
    if (word.toLowerCase() === 'null') return null;
    // An enumeration's member may carry its type: microsoft.graph.enrollmentState'enrolled'. Older literals do, too: guid'…', datetime'…'.
    const member = this.tokens[this.at];
    if (/^(microsoft\.graph\..+|guid|datetime)$/i.test(word) && member?.kind === 'text') {
      this.at++;
      return member.text;
    }
    // GUIDs and dates stand without quotes.
    return /^-?\d+(\.\d+)?$/.test(word) ? Number(word) : word;
  }

  private word(): string {
    const token = this.tokens[this.at++];
    if (token?.kind !== 'word') throw this.problem();
    return token.text;
  }

  private peekWord(word: string): boolean {
    const token = this.tokens[this.at];
    return token?.kind === 'word' && token.text.toLowerCase() === word;
  }

  private takeWord(word: string): boolean {
    const found = this.peekWord(word);
    if (found) this.at++;
    return found;
  }

  private peekSign(sign: string, ahead = 0): boolean {
    const token = this.tokens[this.at + ahead];
    return token?.kind === 'sign' && token.text === sign;
  }

  private takeSign(sign: string): boolean {
    const found = this.peekSign(sign);
    if (found) this.at++;
    return found;
  }

  private expectSign(sign: string): void {
    if (!this.takeSign(sign)) throw this.problem();
  }

  private problem(): ODataError {
    return new ODataError(`Invalid filter clause: '${this.source}'.`);
  }
}

/**
 * Parses a `$filter` after percent-decoding: comparisons, `in`, `contains`, `startsWith`, `endsWith`, `any`/`all`, `and`, `or`, `not`;
 * names and operators in any case, `''` for a quote in a literal (reference 01, 3.1). Throws {@link ODataError}.
 */
export const parseFilter = (filter: string): Filter => new FilterParser(tokensOf(filter), filter).whole();
