import { FleetFormatError } from './error.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** The object in a JSON text. Throws FleetFormatError for anything else. */
export function parseObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new FleetFormatError('body');
  }
  return objectOf(value, 'body');
}

export function objectOf(value: unknown, member: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new FleetFormatError(member);
  return Object.fromEntries(Object.entries(value));
}

/** A text; '' when it is absent. */
export function textOf(object: JsonObject, member: string): string {
  const value = object[member] ?? '';
  if (typeof value !== 'string') throw new FleetFormatError(member);
  return value;
}

/** A text that is not empty. */
export function requiredText(object: JsonObject, member: string): string {
  const value = textOf(object, member);
  if (value === '') throw new FleetFormatError(member);
  return value;
}
