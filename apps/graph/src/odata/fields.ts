/** A property that a collection can be filtered, searched and ordered by. */
export interface Field {
  /** SQL expression over the alias `row`. */
  readonly sql: string;
  readonly type: 'text' | 'guid' | 'boolean' | 'date' | 'number' | 'texts' | 'objects';
  /** Members of the objects in a JSON list that can be asked for, lower case, by the name that they have there. */
  readonly members?: Readonly<Record<string, string>>;
  /** For a list of texts: how a value that is looked for is stored when it is known, so that an index can find it. */
  readonly stored?: (value: string) => string | undefined;
}

/** By lower-case property name. */
export type FieldTable = Readonly<Record<string, Field>>;

export const textField = (sql: string): Field => ({ sql, type: 'text' });
export const guidField = (sql: string): Field => ({ sql, type: 'guid' });
export const booleanField = (sql: string): Field => ({ sql, type: 'boolean' });
export const dateField = (sql: string): Field => ({ sql, type: 'date' });
export const numberField = (sql: string): Field => ({ sql, type: 'number' });
export const textsField = (sql: string, stored: (value: string) => string | undefined = () => undefined): Field => ({
  sql,
  type: 'texts',
  stored,
});
/** A JSON list of objects. */
export const objectsField = (sql: string, members: Readonly<Record<string, string>>): Field => ({ sql, type: 'objects', members });
