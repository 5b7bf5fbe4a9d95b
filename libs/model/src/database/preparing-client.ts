import { createHash } from 'node:crypto';
import pg from 'pg';

/** Statements that a connection keeps prepared; beyond that they are planned anew each time. */
const MOST = 400;
/** Longer ones insert many rows at once, and hardly come again with as many. */
const LONGEST = 8_192;

/**
 * A connection on which PostgreSQL keeps each statement that has parameters: it parses it once instead of at each request. The same few hundred
 * statements come again and again here, and are short, so that parsing and planning would cost more than running them.
 */
export class PreparingClient extends pg.Client {
  private readonly names = new Map<string, string>();

  // The driver's query has many forms; the one that TypeORM uses is changed, the others pass.
  override query(...given: unknown[]): never {
    const [text, values, ...rest] = given;
    const name = typeof text === 'string' && Array.isArray(values) && values.length > 0 ? this.nameOf(text) : undefined;
    const passed: unknown[] = name === undefined ? given : [{ name, text, values }, ...rest];
    const forward = super.query.bind(this) as (...given: unknown[]) => never;
    return forward(...passed);
  }

  private nameOf(text: string): string | undefined {
    const known = this.names.get(text);
    if (known !== undefined || this.names.size >= MOST || text.length > LONGEST) return known;
    const name = createHash('sha256').update(text).digest('hex').slice(0, 32);
    this.names.set(text, name);
    return name;
  }
}
