import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeQueryOptions, ODataError, parseFilter, parseRelaxedJson, parseSearch } from './index.js';

describe('$filter', () => {
  it('reads what public clients send', () => {
    expect(parseFilter("contains(serialNumber,'x')")).toEqual({ kind: 'text', property: 'serialnumber', function: 'contains', value: 'x' });
    expect(parseFilter("startsWith(serialNumber, 'x')")).toMatchObject({ function: 'startswith', value: 'x' });
    expect(parseFilter("deviceID eq '5f0c3b1e-9a47-4d2c-8e11-0a1b2c3d4e5f'")).toMatchObject({ property: 'deviceid', operator: 'eq' });
    expect(parseFilter("DisplayName eq 'O''Brien' and accountEnabled eq false")).toEqual({
      kind: 'and',
      left: { kind: 'compare', property: 'displayname', operator: 'eq', value: "O'Brien" },
      right: { kind: 'compare', property: 'accountenabled', operator: 'eq', value: false },
    });
    expect(parseFilter("physicalIds/any(p:startswith(p,'[ZTDID]'))")).toEqual({
      kind: 'any',
      property: 'physicalids',
      variable: 'p',
      filter: { kind: 'text', property: 'p', function: 'startswith', value: '[ZTDID]' },
    });
    expect(parseFilter('createdDateTime ge 2025-03-14T09:26:53Z')).toMatchObject({ value: '2025-03-14T09:26:53Z' });
    expect(parseFilter("id in ('a', 'b')")).toEqual({ kind: 'in', property: 'id', values: ['a', 'b'] });
  });

  it('binds `and` tighter than `or`, `not` tighter than both', () => {
    expect(parseFilter('a eq 1 or not b eq 2 and c eq null')).toMatchObject({
      kind: 'or',
      left: { property: 'a' },
      right: { kind: 'and', left: { kind: 'not', filter: { property: 'b' } }, right: { property: 'c', value: null } },
    });
  });

  it.each(["serialNumber eq 'x", 'serialNumber', "serialNumber is 'x'", "eq 'x'", "contains(serialNumber 'x')", `${'('.repeat(60)}a eq 1`])(
    'refuses %j',
    (text) => {
      expect(() => parseFilter(text)).toThrow(ODataError);
    },
  );

  it('ends in a filter or an ODataError, whatever comes', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseFilter(text);
        } catch (error) {
          expect(error).toBeInstanceOf(ODataError);
        }
      }),
    );
  });
});

describe('query options', () => {
  it('are decoded once, names in any case', () => {
    const options = decodeQueryOptions(
      '$Filter=contains(serialNumber,%27a%2520b%27)&$top=5&$select=id,SerialNumber&$expand=deploymentProfile,x($select=id)',
    );
    expect(options).toMatchObject({
      filterText: "contains(serialNumber,'a%20b')",
      top: 5,
      select: ['id', 'SerialNumber'],
      expand: ['deploymentprofile', 'x'],
    });
    expect(() => decodeQueryOptions('$top=-1')).toThrow(ODataError);
    expect(() => decodeQueryOptions('$orderby=a sideways')).toThrow(ODataError);
  });

  it('take a search with and without quotes', () => {
    const expected = [[{ property: 'deviceid', text: 'abc' }]];
    expect(parseSearch('"deviceId:abc"')).toEqual(expected);
    expect(parseSearch('deviceId:abc')).toEqual(expected);
    expect(parseSearch('"displayName:a" AND "deviceId:b" OR "x:y"')).toHaveLength(2);
    expect(() => parseSearch('abc')).toThrow(ODataError);
  });
});

describe('relaxed JSON', () => {
  it('is JSON', () => {
    fc.assert(fc.property(fc.json(), (text) => expect(parseRelaxedJson(text)).toEqual(JSON.parse(text))));
    fc.assert(
      fc.property(fc.json(), (text) => expect(parseRelaxedJson(`{ name: ${text} }`)).toEqual({ name: JSON.parse(text) as unknown })),
    );
  });

  it('takes unquoted names, and nothing worse', () => {
    expect(parseRelaxedJson('{ displayName: "NB-1", list: [1, {x: null}] }')).toEqual({ displayName: 'NB-1', list: [1, { x: null }] });
    expect(parseRelaxedJson('\ufeff{"a":1}')).toEqual({ a: 1 });
    for (const text of ['', '{', '{a}', "{a: 'b'}", '{a:1}}', '[1,', `${'['.repeat(60)}1`])
      expect(() => parseRelaxedJson(text)).toThrow(ODataError);
  });
});
