import { DrsFormatError } from './error.js';

/**
 * Members of a JSON object, found without regard to case: Windows writes `attributes`, other clients `Attributes` (reference 02, 10.1). Of two
 * spellings of one name the first counts. What is absent and what is null are the same.
 */
export class Members {
  private readonly values: ReadonlyMap<string, unknown>;

  private constructor(value: object) {
    const entries: [string, unknown][] = Object.entries(value);
    this.values = new Map(entries.reverse().map(([name, member]) => [name.toLowerCase(), member]));
  }

  /** Undefined when the value is no JSON object. */
  static of(value: unknown): Members | undefined {
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? new Members(value) : undefined;
  }

  get(name: string): unknown {
    return this.values.get(name.toLowerCase()) ?? undefined;
  }

  /** A text, or undefined when it is absent. Throws DrsFormatError when it is something else. */
  text(name: string): string | undefined {
    const value = this.get(name);
    if (value !== undefined && typeof value !== 'string') throw new DrsFormatError(name);
    return value;
  }

  /** A text that must be there, be it empty. */
  requiredText(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new DrsFormatError(name);
    return value;
  }

  /** An object, or undefined when it is absent. */
  object(name: string): Members | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    const members = Members.of(value);
    if (!members) throw new DrsFormatError(name);
    return members;
  }

  /** A switch: JSON boolean, or its text in any case (reference 02, 10.1); false when absent. */
  flag(name: string): boolean {
    const value = this.get(name);
    if (value === undefined || typeof value === 'boolean') return value ?? false;
    if (typeof value !== 'string' || !/^(true|false)$/i.test(value.trim())) throw new DrsFormatError(name);
    return value.trim().toLowerCase() === 'true';
  }
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Bytes of standard base64, in one or several lines. Throws DrsFormatError naming the member. */
export function decodeBase64Member(member: string, text: string): Buffer {
  const compact = text.replace(/\s/g, '');
  if (!BASE64.test(compact)) throw new DrsFormatError(member);
  return Buffer.from(compact, 'base64');
}
