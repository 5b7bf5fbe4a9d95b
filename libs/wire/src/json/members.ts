import { JsonFormatError } from './error.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** The object in a JSON text. Throws JsonFormatError for anything else. */
export function parseObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new JsonFormatError('body');
  }
  return objectOf(value, 'body');
}

export function objectOf(value: unknown, member: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new JsonFormatError(member);
  return Object.fromEntries(Object.entries(value));
}

/** A text; '' when it is absent. */
export function textOf(object: JsonObject, member: string): string {
  const value = object[member] ?? '';
  if (typeof value !== 'string') throw new JsonFormatError(member);
  return value;
}

/** A text that is not empty. */
export function requiredText(object: JsonObject, member: string): string {
  const value = textOf(object, member);
  if (value === '') throw new JsonFormatError(member);
  return value;
}

/** A list of objects; empty when it is absent. */
export function objectsOf(object: JsonObject, member: string): JsonObject[] {
  const value = object[member] ?? [];
  if (!Array.isArray(value)) throw new JsonFormatError(member);
  return value.map((entry) => objectOf(entry, member));
}

/** A whole number; undefined when it is absent. */
export function integerOf(object: JsonObject, member: string): number | undefined {
  const value = object[member] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw new JsonFormatError(member);
  return value;
}
