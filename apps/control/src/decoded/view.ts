/** What JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [member: string]: Json };

/** What bytes say: their kind, their content by the names of its specification, and what is wrapped in it again. */
export interface View {
  /** `soap`, `syncml`, `wap`, `xml`, `json`, `form`, `jwt`, `certificate`, `csr`, `cms`, `tpm-attest`, … */
  readonly kind: string;
  readonly value: Json;
  /** Structures inside, by where in `value` they stand; binary members of `value` are lower-case hex, those of text formats as sent. */
  readonly parts?: readonly Part[];
}

export interface Part {
  /** Path in `value`: `body.BinarySecurityToken`, `certificates[0]`. */
  readonly at: string;
  readonly view: View;
}

/** Reads bytes as one kind; undefined when they are of another. */
export type Decoder = (bytes: Buffer) => View | undefined;

/** Finds out what bytes are. */
export type Look = (bytes: Buffer) => View | undefined;

export const hex = (bytes: Buffer): string => bytes.toString('hex');

/** A view with its parts, if there are any. */
export const viewOf = (kind: string, value: Json, parts: readonly Part[] = []): View => ({
  kind,
  value,
  ...(parts.length > 0 ? { parts } : {}),
});

/** The part for bytes, when they say something. */
export function partOf(at: string, bytes: Buffer, look: Look): Part[] {
  const view = look(bytes);
  return view ? [{ at, view }] : [];
}

/** The same with what JSON cannot carry written as text: bytes as hex, dates in ISO form, large numbers as decimals. */
export function toJson(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return hex(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object') return null;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name, toJson(member)]),
  );
}
