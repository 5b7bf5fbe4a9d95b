/** A dynamic membership rule cannot be read. Graph answers 400 to it; a group that has one anyway has no members. */
export class MembershipRuleError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MembershipRuleError';
  }
}

export type RuleValue = string | number | boolean | null;

export type RuleOperator = 'eq' | 'startswith' | 'endswith' | 'contains' | 'match' | 'in' | 'lt' | 'le' | 'gt' | 'ge';

/** A rule, taken apart. `property` is lower case, without `device.` or `user.`; `_` is the member that `-any` and `-all` look at. */
export type Rule =
  | { readonly kind: 'and' | 'or'; readonly left: Rule; readonly right: Rule }
  | { readonly kind: 'not'; readonly rule: Rule }
  | { readonly kind: 'compare'; readonly property: string; readonly operator: RuleOperator; readonly values: readonly RuleValue[] }
  | { readonly kind: 'any' | 'all'; readonly property: string; readonly rule: Rule };

/** What a rule is about; a rule never speaks of both. */
export type RuleSubjectKind = 'device' | 'user';

const TOKEN = /\s*(?:(?<text>"(?:[^"`]|`.)*"|'(?:[^']|'')*')|(?<sign>[()[\],])|(?<word>-?[\w.]+))/y;
type Token = { readonly kind: 'text' | 'sign' | 'word'; readonly text: string };

function tokensOf(rule: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const length = rule.trimEnd().length;
  while (TOKEN.lastIndex < length) {
    const groups = TOKEN.exec(rule)?.groups;
    if (!groups) throw new MembershipRuleError('The rule has a character that cannot stand there');
    const { text, sign, word } = groups;
    if (text !== undefined) tokens.push({ kind: 'text', text: unquote(text) });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else tokens.push({ kind: 'word', text: word ?? '' });
  }
  return tokens;
}

const unquote = (quoted: string): string =>
  quoted.startsWith('"') ? quoted.slice(1, -1).replace(/`(.)/g, '$1') : quoted.slice(1, -1).replaceAll("''", "'");

const operators: ReadonlyMap<string, readonly [RuleOperator, negated: boolean]> = new Map([
  ['-eq', ['eq', false]],
  ['-ne', ['eq', true]],
  ['-startswith', ['startswith', false]],
  ['-notstartswith', ['startswith', true]],
  ['-endswith', ['endswith', false]],
  ['-notendswith', ['endswith', true]],
  ['-contains', ['contains', false]],
  ['-notcontains', ['contains', true]],
  ['-match', ['match', false]],
  ['-notmatch', ['match', true]],
  ['-in', ['in', false]],
  ['-notin', ['in', true]],
  ['-lt', ['lt', false]],
  ['-le', ['le', false]],
  ['-gt', ['gt', false]],
  ['-ge', ['ge', false]],
]);

/** Deeper rules are refused: the parser calls itself. */
const MAX_DEPTH = 50;

class RuleParser {
  private at = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  whole(): Rule {
    const rule = this.or();
    if (this.at < this.tokens.length) throw new MembershipRuleError('The rule goes on where it should end');
    return rule;
  }

  private or(): Rule {
    let left = this.and();
    while (this.takeWord('-or')) left = { kind: 'or', left, right: this.and() };
    return left;
  }

  private and(): Rule {
    let left = this.primary();
    while (this.takeWord('-and')) left = { kind: 'and', left, right: this.primary() };
    return left;
  }

  private primary(): Rule {
    if (++this.depth > MAX_DEPTH) throw new MembershipRuleError('The rule is nested too deeply');
    try {
      if (this.takeWord('-not')) return { kind: 'not', rule: this.primary() };
      if (!this.takeSign('(')) return this.comparison();
      const rule = this.or();
      this.expectSign(')');
      return rule;
    } finally {
      this.depth--;
    }
  }

  private comparison(): Rule {
    const property = this.property();
    const operator = this.word();
    if (operator === '-any' || operator === '-all') {
      this.expectSign('(');
      const rule = this.or();
      this.expectSign(')');
      return { kind: operator === '-any' ? 'any' : 'all', property, rule };
    }
    const known = operators.get(operator);
    if (!known) throw new MembershipRuleError(`The rule has no operator "${operator}"`);
    const [name, negated] = known;
    const compare: Rule = { kind: 'compare', property, operator: name, values: this.values() };
    return negated ? { kind: 'not', rule: compare } : compare;
  }

  private property(): string {
    return this.word().replace(/^(device|user)\./, '');
  }

  private values(): RuleValue[] {
    if (!this.takeSign('[')) return [this.value()];
    const values = [this.value()];
    while (this.takeSign(',')) values.push(this.value());
    this.expectSign(']');
    return values;
  }

  private value(): RuleValue {
    const token = this.tokens[this.at++];
    if (token?.kind === 'text') return token.text;
    const word = token?.kind === 'word' ? token.text.toLowerCase() : '';
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === 'null') return null;
    if (/^-?\d+(\.\d+)?$/.test(word)) return Number(word);
    throw new MembershipRuleError('The rule lacks a value');
  }

  private word(): string {
    const token = this.tokens[this.at++];
    if (token?.kind !== 'word') throw new MembershipRuleError('The rule lacks a property or an operator');
    return token.text.toLowerCase();
  }

  private takeWord(word: string): boolean {
    const token = this.tokens[this.at];
    const found = token?.kind === 'word' && token.text.toLowerCase() === word;
    if (found) this.at++;
    return found;
  }

  private takeSign(sign: string): boolean {
    const token = this.tokens[this.at];
    const found = token?.kind === 'sign' && token.text === sign;
    if (found) this.at++;
    return found;
  }

  private expectSign(sign: string): void {
    if (!this.takeSign(sign)) throw new MembershipRuleError(`The rule lacks a "${sign}"`);
  }
}

/**
 * Parses a dynamic membership rule such as `(device.devicePhysicalIDs -any (_ -eq "[OrderID]:Kiosk"))`; names and operators in any case.
 * Throws {@link MembershipRuleError}.
 */
export const parseRule = (rule: string): Rule => new RuleParser(tokensOf(rule)).whole();

/** Whether a rule is about devices or users; by the first property that says so, else devices. */
export const ruleSubjectKind = (rule: string): RuleSubjectKind =>
  /\b(device|user)\./i.exec(rule)?.[1]?.toLowerCase() === 'user' ? 'user' : 'device';
