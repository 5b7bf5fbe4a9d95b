import { describe, expect, it } from '@jest/globals';
import { Fault } from '@greenscreen/host/faults';
import { decodeQueryOptions, ODataError, parseFilter } from '@greenscreen/wire/graph';
import fc from 'fast-check';
import { booleanField, dateField, guidField, objectsField, textField, textsField } from './fields.js';
import { filterCondition, orderColumn, searchCondition } from './filter-sql.js';

const fields = {
  serialnumber: textField('row.serialNumber'),
  id: guidField('row.ztdId'),
  accountenabled: booleanField('row.accountEnabled'),
  createddatetime: dateField('row.createdAt'),
  physicalids: textsField('row.physicalIds'),
  targetresources: objectsField('row.targetResources', { id: 'id' }),
};

/** Whatever a condition is made of: our own columns, keywords, signs and parameters. */
const OURS =
  /^(?:row\.(?:serialNumber|ztdId|accountEnabled|createdAt|physicalIds|targetResources)|member\d|lower|LIKE|CAST|AS|text|AND|OR|NOT|COALESCE|FALSE|TRUE|IS|NULL|DISTINCT|FROM|EXISTS|SELECT|1|WHERE|unnest|jsonb_array_elements|ARRAY|->>'id'|:(?:filter|search)\d+|@>|[<>]=?|=|[()[\],\s])*$/;

/** Words of the grammar, names of fields, and text that would hurt if it got out of its quotes. */
const word = fc.constantFrom(
  ...[
    'and',
    'or',
    'not',
    'eq',
    'ne',
    'gt',
    'le',
    'in',
    '(',
    ')',
    ',',
    '/any(',
    '/all(',
    'x:',
    'x',
    'x/id',
    "'",
    "''",
    'null',
    'true',
    '1',
    '-1.5',
  ],
  ...['serialNumber', 'ID', 'accountEnabled', 'createdDateTime', 'physicalIds', 'targetResources', 'nonsense', '__proto__', 'constructor'],
  ...[
    "contains(serialNumber,'a')",
    "startsWith(id,'b')",
    "'; DROP TABLE tenant; --'",
    '2025-03-14T09:26:53Z',
    ':filter0',
    '$1',
    '"row"',
    '%',
    '\\',
  ],
);
const sentence = fc
  .array(fc.oneof({ weight: 5, arbitrary: word }, fc.string({ maxLength: 8 })), { maxLength: 14 })
  .map((words) => words.join(' '));

/** The condition of a filter; undefined when it is refused, which is the only other end. */
function conditionOf(text: string) {
  try {
    return filterCondition(parseFilter(text), fields);
  } catch (error) {
    if (error instanceof ODataError || (error instanceof Fault && error.code === 'graph.BadQuery')) return undefined;
    throw error;
  }
}

describe('conditions of $filter and $search', () => {
  it('50,000 sentences end in a condition of our own words, or are refused', () => {
    let conditions = 0;
    fc.assert(
      fc.property(sentence, (text) => {
        const condition = conditionOf(text);
        if (!condition) return;
        conditions++;
        expect(condition.sql).toMatch(OURS);
      }),
      { numRuns: 50_000 },
    );
    expect(conditions).toBeGreaterThan(50);
  });

  it('a value is a parameter, whatever it is', () => {
    const template = fc.constantFrom(
      'serialNumber eq $',
      'not contains(serialNumber,$)',
      'endswith(serialNumber,$) or serialNumber in ($,$)',
      'physicalIds/any(p:startswith(p,$))',
      'targetResources/all(t:t/id ne $)',
      'id eq $',
    );
    fc.assert(
      fc.property(template, fc.string(), (pattern, value) => {
        const marked = `§${value}§`;
        const condition = conditionOf(pattern.replaceAll('$', () => `'${marked.replaceAll("'", "''")}'`));
        expect(condition?.sql).toMatch(OURS);
        expect(condition?.sql).not.toContain('§');
      }),
      { numRuns: 5_000 },
    );
    const search = searchCondition([[{ property: 'serialnumber', text: "§'; --" }]], fields);
    expect(search.sql).toMatch(OURS);
    expect(search.parameters).toEqual({ search0: "%§'; --%" });
  });

  it('orders by columns that it knows, and by no others', () => {
    expect(orderColumn(fields, 'serialnumber')).toBe('row.serialNumber');
    for (const name of ['nonsense', '__proto__', 'constructor', 'row.serialNumber; --'])
      expect(() => orderColumn(fields, name)).toThrow(Fault);
  });

  it('escapes what LIKE would take for a pattern', () => {
    expect(conditionOf("contains(serialNumber,'50%_\\x')")?.parameters).toEqual({ filter0: '%50\\%\\_\\\\x%' });
  });

  it('query strings of any kind end in options or an ODataError', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), sentence, (text, filter) => {
        try {
          decodeQueryOptions(`${text}&$filter=${filter}&$top=${text}&$search=${filter}`);
        } catch (error) {
          expect(error).toBeInstanceOf(ODataError);
        }
      }),
      { numRuns: 5_000 },
    );
  });
});
