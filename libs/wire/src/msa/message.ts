import { parseXml, type XmlElement, XmlError } from '../xml/index.js';
import { MsaMessageError } from './error.js';

/** The root of a message; throws {@link MsaMessageError} for anything that is not well-formed XML. */
export function parseMessage(body: Uint8Array): XmlElement {
  try {
    return parseXml(body);
  } catch (error) {
    if (error instanceof XmlError) throw new MsaMessageError(error.message, { cause: error });
    throw error;
  }
}
