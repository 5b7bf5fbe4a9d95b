import { ODataError } from './odata-error.js';

/** Deeper bodies are refused: the parser calls itself. */
const MAX_DEPTH = 50;
const SPACE = /[\s\ufeff]*/y;
const NAME = /[A-Za-z_@$][\w@.$-]*/y;
const STRING = /"(?:[^"\\]|\\.)*"/sy;
const LITERAL = /true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

class RelaxedParser {
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  whole(): unknown {
    const value = this.value();
    this.take(SPACE);
    if (this.at < this.text.length) throw this.problem();
    return value;
  }

  private value(): unknown {
    if (++this.depth > MAX_DEPTH) throw this.problem();
    this.take(SPACE);
    const first = this.text[this.at];
    const value = first === '{' ? this.object() : first === '[' ? this.array() : this.scalar();
    this.depth--;
    return value;
  }

  private object(): Record<string, unknown> {
    const members: [string, unknown][] = [];
    this.at++;
    while (!this.takeSign('}')) {
      if (members.length > 0) this.expectSign(',');
      const name = this.name();
      this.expectSign(':');
      members.push([name, this.value()]);
    }
    return Object.fromEntries(members);
  }

  private array(): unknown[] {
    const members: unknown[] = [];
    this.at++;
    while (!this.takeSign(']')) {
      if (members.length > 0) this.expectSign(',');
      members.push(this.value());
    }
    return members;
  }

  private name(): string {
    this.take(SPACE);
    const quoted = this.take(STRING);
    if (quoted !== undefined) return this.unquoted(quoted);
    const bare = this.take(NAME);
    if (bare === undefined) throw this.problem();
    return bare;
  }

  private scalar(): unknown {
    const token = this.take(STRING) ?? this.take(LITERAL);
    if (token === undefined) throw this.problem();
    return token.startsWith('"') ? this.unquoted(token) : (JSON.parse(token) as unknown);
  }

  private unquoted(token: string): string {
    try {
      return String(JSON.parse(token));
    } catch {
      throw this.problem();
    }
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private takeSign(sign: string): boolean {
    this.take(SPACE);
    const found = this.text[this.at] === sign;
    if (found) this.at++;
    return found;
  }

  private expectSign(sign: string): void {
    if (!this.takeSign(sign)) throw this.problem();
  }

  private problem(): ODataError {
    return new ODataError(
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    );
  }
}

/**
 * Parses a body: JSON, or JSON with unquoted member names, as one public module sends it (`{ displayName: "X" }`; reference 01, 3.1). A
 * byte order mark is ignored. Throws {@link ODataError}.
 */
export function parseRelaxedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return new RelaxedParser(text).whole();
  }
}
