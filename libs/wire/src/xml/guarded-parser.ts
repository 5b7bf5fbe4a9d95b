import { Parser } from 'xml2js';
import { XmlError } from './error.js';

/** An element as xml2js gives it with the options below. The keys that are not names cannot collide with XML names. */
export interface ParsedNode {
  readonly '#text'?: string;
  readonly $ns: { readonly uri: string; readonly local: string };
  readonly $?: Readonly<Record<string, ParsedAttribute>>;
  readonly $$?: readonly ParsedNode[];
}
export interface ParsedAttribute {
  readonly value: string;
  readonly prefix: string;
  readonly local: string;
  readonly uri: string;
}

/** What we touch of the sax parser inside xml2js: the options that would do the same are not passed through. */
interface SaxSeam {
  ENTITIES: Readonly<Record<string, string>>;
  onerror: (error: Error) => void;
  ondoctype: () => void;
  onopentag: (node: unknown) => void;
  onclosetag: (name: unknown) => void;
}

/** The five that XML itself defines. sax would otherwise resolve all of HTML's. */
const predefined = Object.freeze({ amp: '&', apos: "'", gt: '>', lt: '<', quot: '"' });

/** A one-shot xml2js parser that knows no DTD and no entities, and stops at `maxDepth` nested elements. */
export function guardedParser(maxDepth: number): Parser {
  const parser: Parser & { saxParser?: SaxSeam } = new Parser({
    xmlns: true,
    strict: true,
    async: false,
    explicitRoot: false,
    explicitChildren: true,
    preserveChildrenOrder: true,
    explicitCharkey: true,
    charkey: '#text',
    attrkey: '$',
    childkey: '$$',
  });
  const sax = parser.saxParser;
  if (!sax) throw new Error('xml2js no longer exposes its sax parser');
  sax.ENTITIES = Object.assign(Object.create(null), predefined) as Record<string, string>;
  // xml2js reads on after an error and forgets the ones after the root.
  sax.onerror = (error) => {
    // sax puts the position on lines of their own.
    throw new XmlError(error.message.replace(/\n/g, ', '), { cause: error });
  };
  sax.ondoctype = () => {
    throw new XmlError('DOCTYPE is not allowed');
  };
  const { onopentag, onclosetag } = sax;
  let depth = 0;
  let roots = 0;
  sax.onopentag = (node) => {
    if (depth === 0 && ++roots > 1) throw new XmlError('a second root element');
    if (++depth > maxDepth) throw new XmlError(`elements nest deeper than ${maxDepth}`);
    onopentag(node);
  };
  sax.onclosetag = (name) => {
    depth -= 1;
    onclosetag(name);
  };
  return parser;
}
