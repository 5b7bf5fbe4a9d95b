import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { attributeOf, childOf, childText, descendantsOf, parseXml, requireChild, xml, XmlError } from './index.js';

const envelope = `<?xml version = "1.0" encoding="utf-8"?>
<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:ac="urn:ac" xmlns="urn:default"><s:Body>
<Item Name = "WhiteGlove" ac:Name="qualified"><ac:Value> true </ac:Value></Item><Item Name="MAC"/><e>a<![CDATA[<b>&]]>c&amp;&#x41;</e>
</s:Body></s:Envelope>`;

describe('parseXml', () => {
  it('reads by namespace and local name, attributes included', () => {
    const root = parseXml(Buffer.from(envelope));
    const body = requireChild(root, 'http://www.w3.org/2003/05/soap-envelope', 'Body');
    expect([root.namespace, root.name]).toEqual(['http://www.w3.org/2003/05/soap-envelope', 'Envelope']);
    expect(body.children.map((child) => [child.namespace, child.name])).toEqual([
      ['urn:default', 'Item'],
      ['urn:default', 'Item'],
      ['urn:default', 'e'],
    ]);
    const [item] = body.children;
    expect(item && [attributeOf(item, 'Name'), attributeOf(item, 'Name', 'urn:ac')]).toEqual(['WhiteGlove', 'qualified']);
    expect(item && childText(item, 'urn:ac', 'Value')).toBe('true');
    expect(item && childOf(item, 'urn:default', 'Value')).toBeUndefined();
    expect(body.children[2]?.text).toBe('a<b>&cA'.replace('cA', 'c&A'));
    expect(descendantsOf(root, 'urn:default', 'Item')).toHaveLength(2);
  });

  it('keeps names apart that mean something to JavaScript or to the parser underneath', () => {
    const root = parseXml('<_><__proto__>1</__proto__><toString>2</toString><_>3</_><cdata>4</cdata><cdata/></_>');
    expect(root.children.map(({ name, text }) => [name, text])).toEqual([
      ['__proto__', '1'],
      ['toString', '2'],
      ['_', '3'],
      ['cdata', '4'],
      ['cdata', ''],
    ]);
  });

  it('drops a byte order mark and keeps U+F000', () => {
    expect(parseXml(Buffer.from('\uFEFF<a>x\uF000y</a>')).text).toBe('x\uF000y');
  });

  it.each([
    ['DOCTYPE', '<!DOCTYPE a><a/>'],
    ['DOCTYPE with an entity', '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'],
    ['an HTML entity', '<a>&nbsp;</a>'],
    ['an entity in an attribute', '<a b="&eacute;"/>'],
    ['an undeclared prefix', '<a xsi:nil="true"/>'],
    ['a second root', '<a/><b/>'],
    ['text after the root', '<a/>x'],
    ['truncation', '<a><b>'],
    ['crossed tags', '<a><b></a></b>'],
    ['nothing', ' '],
    ['JSON', '{"a":1}'],
    ['a NUL reference', '<a>&#0;</a>'],
    ['a control character in an attribute', '<a b="&#1;"/>'],
    ['depth', '<a>'.repeat(65) + '</a>'.repeat(65)],
    ['size', `<a>${'x'.repeat(1024 * 1024)}</a>`],
  ])('refuses %s', (_, text) => {
    expect(() => parseXml(text)).toThrow(XmlError);
  });

  it('refuses bytes that are not UTF-8, and takes 64 levels', () => {
    expect(() => parseXml(Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0x3c, 0x2f, 0x61, 0x3e]))).toThrow(XmlError);
    expect(parseXml('<a>'.repeat(64) + '</a>'.repeat(64)).name).toBe('a');
  });

  it('answers any damage with an element or an XmlError, never with another error', () => {
    const bytes = Buffer.from(envelope);
    const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('<>&"/!?[]=:; ')))), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(damage, fc.nat(bytes.length), fc.boolean(), (changes, cut, truncate) => {
        const damaged = Buffer.from(bytes);
        for (const [position, value] of changes) damaged[position] = value;
        try {
          expect(parseXml(truncate ? damaged.subarray(0, cut) : damaged).name).toBeTruthy();
        } catch (error) {
          expect(error).toBeInstanceOf(XmlError);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('reads back whatever the writer escaped', () => {
    const legal = fc.string({ unit: 'binary' }).filter((text) => /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u.test(text));
    fc.assert(
      fc.property(legal, (value) => {
        const root = parseXml(xml`<a b="${value}">[${value}]</a>`.toBuffer());
        expect([attributeOf(root, 'b'), root.text]).toEqual([value, `[${value}]`]);
      }),
    );
  });
});

describe('xml', () => {
  it('escapes values by place, passes markup, writes nothing for undefined', () => {
    const inner = xml`<b c="${'"<\n'}"/>`;
    expect(xml`<a>${'"<&>'}${inner}${[inner, inner]}${undefined}${3}${true}</a>`.toString()).toBe(
      '<a>"&lt;&amp;&gt;<b c="&quot;&lt;&#10;"/><b c="&quot;&lt;&#10;"/><b c="&quot;&lt;&#10;"/>3true</a>',
    );
  });

  it('replaces what XML cannot carry', () => {
    expect(xml`<a>${'\u0000\uD800'}</a>`.toString()).toBe('<a>\uFFFD\uFFFD</a>');
  });
});
