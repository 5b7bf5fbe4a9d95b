import { Fault } from '@greenscreen/host/faults';
import { type CompareOperator, type Filter, type FilterValue, type SearchTerm, type TextFunction } from '@greenscreen/wire/graph';
import { isGuid } from '../request/path-keys.js';
import { type Field, type FieldTable } from './fields.js';

/** A condition with its named parameters; every value is a parameter. */
export interface Condition {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

const comparisons: Readonly<Record<Exclude<CompareOperator, 'eq' | 'ne'>, string>> = { gt: '>', ge: '>=', lt: '<', le: '<=' };

class ConditionBuilder {
  readonly parameters: Record<string, unknown> = {};
  private depth = 0;

  constructor(private readonly prefix: string) {}

  filter(filter: Filter, fields: FieldTable): string {
    switch (filter.kind) {
      case 'and':
        return `(${this.filter(filter.left, fields)} AND ${this.filter(filter.right, fields)})`;
      case 'or':
        return `(${this.filter(filter.left, fields)} OR ${this.filter(filter.right, fields)})`;
      case 'not':
        return `NOT COALESCE(${this.filter(filter.filter, fields)}, FALSE)`;
      case 'compare':
        return this.compare(fieldOf(fields, filter.property), filter.operator, filter.value);
      case 'in':
        return `(${filter.values.map((value) => this.compare(fieldOf(fields, filter.property), 'eq', value)).join(' OR ')})`;
      case 'text':
        return this.text(fieldOf(fields, filter.property), filter.function, filter.value);
      case 'any':
      case 'all':
        return this.lambda(filter, fieldOf(fields, filter.property));
    }
  }

  search(alternatives: readonly (readonly SearchTerm[])[], fields: FieldTable): string {
    const term = ({ property, text }: SearchTerm): string => {
      const field = fieldOf(fields, property);
      return field.type === 'guid' ? this.compare(field, 'eq', text) : this.text(field, 'contains', text);
    };
    return alternatives.map((terms) => `(${terms.map(term).join(' AND ')})`).join(' OR ');
  }

  private lambda(filter: Extract<Filter, { kind: 'any' | 'all' }>, list: Field): string {
    if (list.type !== 'texts' && list.type !== 'objects') throw badQuery(`'${filter.property}' is not a collection.`);
    const stored = storedMember(filter, list);
    if (stored !== undefined) return `${list.sql} @> ARRAY[${this.parameter(stored)}]`;
    const member = `member${this.depth++}`;
    const elements = list.type === 'texts' ? `unnest(${list.sql})` : `jsonb_array_elements(${list.sql})`;
    const inner = this.filter(filter.filter, membersOf(filter.variable, member, list));
    return filter.kind === 'any'
      ? `EXISTS (SELECT 1 FROM ${elements} AS ${member} WHERE ${inner})`
      : `NOT EXISTS (SELECT 1 FROM ${elements} AS ${member} WHERE NOT COALESCE(${inner}, FALSE))`;
  }

  private compare({ sql, type }: Field, operator: CompareOperator, value: FilterValue): string {
    if (value === null) {
      if (operator !== 'eq' && operator !== 'ne') throw badQuery(`'${operator}' does not compare with null.`);
      return `${sql} IS ${operator === 'ne' ? 'NOT ' : ''}NULL`;
    }
    const typed = this.typed(type, value);
    if (typed === undefined) return operator === 'ne' ? 'TRUE' : 'FALSE';
    const left = type === 'text' ? `lower(${sql})` : sql;
    const right = this.parameter(typed);
    if (operator === 'eq') return `${left} = ${right}`;
    if (operator === 'ne') return `${left} IS DISTINCT FROM ${right}`;
    return `${left} ${comparisons[operator]} ${right}`;
  }

  /** The value as the column's type; undefined when no value of that type is meant, so that nothing is equal to it. */
  private typed(type: Field['type'], value: string | number | boolean): unknown {
    switch (type) {
      case 'text':
        return String(value).toLowerCase();
      case 'guid':
        return isGuid(String(value)) ? String(value).toLowerCase() : undefined;
      case 'boolean':
        if (typeof value !== 'boolean') throw badQuery(`'${String(value)}' is neither true nor false.`);
        return value;
      case 'number':
        if (typeof value !== 'number') throw badQuery(`'${String(value)}' is not a number.`);
        return value;
      case 'date': {
        const at = new Date(String(value));
        if (Number.isNaN(at.getTime())) throw badQuery(`'${String(value)}' is not a date.`);
        return at;
      }
      case 'texts':
      case 'objects':
        throw badQuery('A collection is asked with any or all.');
    }
  }

  private text({ sql, type }: Field, name: TextFunction, value: string): string {
    if (type !== 'text' && type !== 'guid') throw badQuery(`'${name}' takes text.`);
    const column = type === 'guid' ? `CAST(${sql} AS text)` : `lower(${sql})`;
    const text = value.toLowerCase().replace(/[\\%_]/g, '\\$&');
    const pattern = name === 'contains' ? `%${text}%` : name === 'startswith' ? `${text}%` : `%${text}`;
    return `${column} LIKE ${this.parameter(pattern)}`;
  }

  private parameter(value: unknown): string {
    const name = `${this.prefix}${Object.keys(this.parameters).length}`;
    this.parameters[name] = value;
    return `:${name}`;
  }
}

/** The one text that `any(x:x eq 'text')` looks for, as it is stored; undefined for other lambdas and other texts. */
function storedMember({ kind, variable, filter }: Extract<Filter, { kind: 'any' | 'all' }>, { stored }: Field): string | undefined {
  if (kind !== 'any' || filter.kind !== 'compare' || filter.operator !== 'eq' || filter.property !== variable) return undefined;
  return typeof filter.value === 'string' ? stored?.(filter.value) : undefined;
}

/** What a lambda's variable can stand for: the text itself, or `variable/member` of an object. */
function membersOf(variable: string, member: string, { type, members = {} }: Field): FieldTable {
  if (type === 'texts') return { [variable]: { sql: member, type: 'text' } };
  return Object.fromEntries(
    Object.entries(members).map(([name, key]) => [`${variable}/${name}`, { sql: `(${member}->>'${key}')`, type: 'text' as const }]),
  );
}

const badQuery = (reason: string): Fault => new Fault('graph.BadQuery', { reason });

function fieldOf(fields: FieldTable, property: string): Field {
  const field = Object.hasOwn(fields, property) ? fields[property] : undefined;
  if (!field) throw badQuery(`Could not find a property named '${property}'.`);
  return field;
}

/** A `$filter` as a condition. Text compares without regard to case. Throws graph.BadQuery. */
export function filterCondition(filter: Filter, fields: FieldTable): Condition {
  const builder = new ConditionBuilder('filter');
  return { sql: builder.filter(filter, fields), parameters: builder.parameters };
}

/** A `$search` as a condition: GUIDs whole, text anywhere. */
export function searchCondition(search: readonly (readonly SearchTerm[])[], fields: FieldTable): Condition {
  const builder = new ConditionBuilder('search');
  return { sql: builder.search(search, fields), parameters: builder.parameters };
}

/** Column of an `$orderby` property. */
export const orderColumn = (fields: FieldTable, property: string): string => fieldOf(fields, property).sql;
