/** What Python's xmltodict makes of XML: texts, objects, lists of what repeats. Empty elements are null. */
export type XmlDict = string | null | readonly XmlDict[] | { readonly [name: string]: XmlDict };
export type Dict = { readonly [name: string]: XmlDict };

interface Open {
  readonly name: string;
  readonly dict: Record<string, XmlDict>;
  text: string;
}

const TOKEN = /<\?[^>]*\?>|<(\/?)([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*"[^"]*")*)\s*(\/?)>|([^<]+)/gy;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*"([^"]*)"/g;
const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&amp;': '&' };

const unescape = (text: string): string =>
  text.replace(/&(?:lt|gt|quot|apos|amp);|&#(\d+);/g, (entity, code?: string) =>
    code ? String.fromCodePoint(Number(code)) : entities[entity]!,
  );

/**
 * Written for these tests, without our XML reader: names keep their prefixes, attributes become `@name`, and a leaf with an attribute is no
 * text any more, which is what public clients stumble over (reference 04, 4.2).
 */
export function xmlDict(xml: string): Dict {
  const root: Open = { name: '', dict: {}, text: '' };
  const open: Open[] = [root];
  for (const [token, closing, name, attributes = '', empty, text] of xml.matchAll(TOKEN)) {
    const current = open.at(-1)!;
    if (text !== undefined) current.text += unescape(text);
    else if (name !== undefined && closing === '/') close(open, name);
    else if (name !== undefined) {
      const dict = Object.fromEntries([...attributes.matchAll(ATTRIBUTE)].map(([, key = '', value = '']) => [`@${key}`, unescape(value)]));
      open.push({ name, dict, text: '' });
      if (empty === '/') close(open, name);
    } else if (!token.startsWith('<?')) throw new SyntaxError(`Not well-formed at ${token}`);
  }
  if (open.length !== 1) throw new SyntaxError('Not well-formed');
  return root.dict;
}

function close(open: Open[], name: string): void {
  const element = open.pop()!;
  const parent = open.at(-1);
  if (element.name !== name || !parent) throw new SyntaxError(`Not well-formed at </${name}>`);
  const text = element.text.trim();
  const value: XmlDict =
    Object.keys(element.dict).length === 0 ? text || null : { ...element.dict, ...(text === '' ? {} : { '#text': text }) };
  const known = parent.dict[name];
  if (known === undefined) parent.dict[name] = value;
  else if (Array.isArray(known)) parent.dict[name] = [...(known as readonly XmlDict[]), value];
  else parent.dict[name] = [known, value];
}

/** `value[path[0]][path[1]]…` as Python does it: KeyError and TypeError become errors. */
export function at(value: XmlDict, ...path: readonly string[]): XmlDict {
  let current = value;
  for (const name of path) {
    if (typeof current !== 'object' || current === null || Array.isArray(current))
      throw new TypeError(`${name} of ${JSON.stringify(current)}`);
    const next = (current as Dict)[name];
    if (next === undefined) throw new TypeError(`KeyError: ${name}`);
    current = next;
  }
  return current;
}

/** A plain text node at a path. */
export function textAt(value: XmlDict, ...path: readonly string[]): string {
  const found = at(value, ...path);
  if (typeof found !== 'string') throw new TypeError(`${path.join('.')} is no text: ${JSON.stringify(found)}`);
  return found;
}

/** What is there once or several times, as a list. */
export const listOf = (value: XmlDict | undefined): readonly XmlDict[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly XmlDict[]) : [value];
