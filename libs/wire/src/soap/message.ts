import { childOf, childText, isElement, parseXml, type XmlElement, XmlError } from '../xml/index.js';
import { SoapError } from './error.js';
import { ns } from './namespaces.js';

/** A SOAP message with its addressing headers, trimmed. */
export interface SoapMessage {
  readonly action?: string;
  readonly messageId?: string;
  readonly relatesTo?: string;
  readonly to?: string;
  /** `ActivityId` of an answer. */
  readonly activityId?: string;
  readonly header?: XmlElement;
  /** First element in the Body. */
  readonly body: XmlElement;
}

/** SOAP 1.2, and 1.1 on input, because MS-MDE2 itself mixes them (reference 04, 0.2 rule 5). */
const versions = [ns.soap12, ns.soap11];

/**
 * Decodes an envelope.
 *
 * @throws {SoapError} for anything that is not well-formed XML with an Envelope and something in its Body
 */
export function decodeSoap(bytes: Uint8Array | string): SoapMessage {
  const envelope = parse(bytes);
  const version = versions.find((namespace) => isElement(envelope, namespace, 'Envelope'));
  if (!version) throw new SoapError('not a SOAP envelope');
  const header = childOf(envelope, version, 'Header');
  const body = childOf(envelope, version, 'Body')?.children[0];
  if (!body) throw new SoapError('the SOAP body is empty');
  const addressing = (name: string): string | undefined => (header && childText(header, ns.addressing, name)) || undefined;
  const optional = {
    action: addressing('Action'),
    messageId: addressing('MessageID'),
    relatesTo: addressing('RelatesTo'),
    to: addressing('To'),
    activityId: (header && childText(header, ns.diagnostics, 'ActivityId')) || undefined,
    header,
  };
  return { ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)), body };
}

/** The MessageID of whatever came, for the RelatesTo of a refusal; undefined when it cannot be read. */
export function messageIdOf(bytes: Uint8Array): string | undefined {
  try {
    return decodeSoap(bytes).messageId;
  } catch (error) {
    if (error instanceof SoapError) return undefined;
    throw error;
  }
}

function parse(bytes: Uint8Array | string): XmlElement {
  try {
    return parseXml(bytes);
  } catch (error) {
    if (error instanceof XmlError) throw new SoapError(error.message, { cause: error });
    throw error;
  }
}
