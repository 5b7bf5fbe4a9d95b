/** Markup that is ready for the wire. Only {@link xml} and {@link rawMarkup} make it, so that nothing gets in unescaped. */
export class Markup {
  constructor(private readonly source: string) {}

  toString(): string {
    return this.source;
  }

  /** UTF-8 bytes. */
  toBuffer(): Buffer {
    return Buffer.from(this.source, 'utf8');
  }
}

/** What a template may hold: values are escaped, markup is not, `undefined` writes nothing. */
export type XmlValue = string | number | boolean | undefined | Markup | readonly Markup[];

/**
 * Template tag that writes XML exactly as it stands and escapes what is filled in: as an attribute value after `="`, else as
 * text. Attribute values must therefore be quoted with `"` and be one placeholder or start with it.
 */
export function xml(template: TemplateStringsArray, ...values: readonly XmlValue[]): Markup {
  let source = template[0] ?? '';
  values.forEach((value, index) => {
    source += write(value, (template[index] ?? '').endsWith('="')) + (template[index + 1] ?? '');
  });
  return new Markup(source);
}

/** Takes markup that was written elsewhere as it is. The caller answers for it. */
export function rawMarkup(source: string): Markup {
  return new Markup(source);
}

/** Text content: `&`, `<`, `>`, and CR, which parsers would otherwise turn into LF. */
export function escapeText(value: string): string {
  return sanitize(value).replace(/[&<>\r]/g, replacement);
}

/** Value between double quotes; white space as references, because parsers normalise it. */
export function escapeAttribute(value: string): string {
  return sanitize(value).replace(/[&<>"\t\n\r]/g, replacement);
}

function write(value: XmlValue, inAttribute: boolean): string {
  if (value === undefined) return '';
  if (value instanceof Markup) return value.toString();
  if (typeof value === 'object') return value.join('');
  return inAttribute ? escapeAttribute(String(value)) : escapeText(String(value));
}

const references: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function replacement(character: string): string {
  return references[character] ?? `&#${character.charCodeAt(0)};`;
}

/** XML 1.0 cannot carry these at all, not even as references. */
function sanitize(value: string): string {
  return value.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
}
