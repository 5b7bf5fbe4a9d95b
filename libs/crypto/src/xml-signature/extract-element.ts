import { parseXml, XmlError } from '@greenscreen/wire/xml';
import { DOMParser, XMLSerializer } from '@xmldom/xmldom';
import { XmlSignatureError } from './xml-signature-error.js';

/**
 * The one element of that name in a document, as a document of its own: what is declared around it goes with it, so a signature over its
 * exclusive canonical form stays good.
 *
 * @throws {XmlSignatureError} `malformed`, and nothing else
 */
export function extractElement(xml: string, namespace: string, name: string): string {
  const [element, ...more] = Array.from(readDocument(xml).getElementsByTagNameNS(namespace, name));
  if (!element || more.length > 0) throw new XmlSignatureError('malformed', `There is not exactly one ${name}`);
  return new XMLSerializer().serializeToString(element);
}

/** A DOM, for those who need one. The guarded parser looks first: it knows no DTD, no entities and no great depth. */
export function readDocument(xml: string): Document {
  try {
    parseXml(xml);
  } catch (error) {
    if (error instanceof XmlError) throw new XmlSignatureError('malformed', error.message, { cause: error });
    throw error;
  }
  return new DOMParser().parseFromString(xml, 'text/xml');
}
