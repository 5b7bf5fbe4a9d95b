import { DatabaseError } from 'pg';
import { QueryFailedError } from 'typeorm';

/** PostgreSQL's `character_not_in_repertoire` and `untranslatable_character`: text, or text inside JSON, with a NUL. */
const CODES: readonly unknown[] = ['22021', '22P05'];

/** Whether a statement failed on text that no record can hold or match: the request is wrong, not the service. */
export function isUnstorableText(error: unknown): boolean {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : undefined;
  return cause instanceof DatabaseError && CODES.includes(cause.code);
}
