import { type XmlAttribute, type XmlElement } from './element.js';
import { XmlError } from './error.js';
import { guardedParser, type ParsedNode } from './guarded-parser.js';

export interface XmlLimits {
  /** Bytes of the document, default 1 MiB. */
  readonly maxBytes?: number;
  /** Nested elements, default 64. */
  readonly maxDepth?: number;
}

/** Reference 04, 0.2 rule 7. */
const DEFAULT_MAX_BYTES = 1024 * 1024;
const DEFAULT_MAX_DEPTH = 64;

/**
 * Parses a whole document by namespace and local name. Bytes must be UTF-8, whatever the declaration says; a byte order mark
 * is dropped. DOCTYPE, entities beyond XML's five, and characters outside XML 1.0 are refused.
 *
 * @throws {XmlError} and nothing else, whatever the input
 */
export function parseXml(input: Uint8Array | string, limits: XmlLimits = {}): XmlElement {
  const size = typeof input === 'string' ? Buffer.byteLength(input) : input.byteLength;
  if (size > (limits.maxBytes ?? DEFAULT_MAX_BYTES)) throw new XmlError('document is too large');
  const root = parseNode(typeof input === 'string' ? input : decodeUtf8(input), limits.maxDepth ?? DEFAULT_MAX_DEPTH);
  if (!root) throw new XmlError('document is empty');
  return toElement(root);
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new XmlError('document is not UTF-8', { cause });
  }
}

function parseNode(text: string, maxDepth: number): ParsedNode | null {
  let failure: unknown;
  let root: ParsedNode | null = null;
  try {
    // xml2js calls back at the end of the root; what is wrong after it arrives as a throw.
    guardedParser(maxDepth).parseString(text, (error: Error | null, result: ParsedNode | null) => {
      failure ??= error ?? undefined;
      root ??= result ?? null;
    });
  } catch (error) {
    failure ??= error;
  }
  if (failure instanceof XmlError) throw failure;
  if (failure) throw new XmlError('malformed document', { cause: failure });
  return root;
}

function toElement(node: ParsedNode): XmlElement {
  const attributes: XmlAttribute[] = [];
  for (const { prefix, local, uri, value } of Object.values(node.$ ?? {})) {
    if (prefix === 'xmlns') continue;
    attributes.push({ namespace: uri, name: local, value: legal(value) });
  }
  return {
    namespace: node.$ns.uri,
    name: node.$ns.local,
    attributes,
    children: (node.$$ ?? []).map(toElement),
    text: legal(node['#text'] ?? ''),
  };
}

/** Numeric references can name characters that XML 1.0 (2.2) excludes, NUL among them; Postgres could not store it. */
const illegal = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

function legal(value: string): string {
  if (illegal.test(value)) throw new XmlError('character not allowed in XML');
  return value;
}
