import { attributeOf, childrenOf, isElement, type Markup, parseXml, xml, type XmlElement, XmlError } from '../xml/index.js';
import { WapError } from './error.js';

/** A value in a characteristic; without `value` a mere flag (`BACKCOMPATRETRYDISABLED`). */
export interface WapParm {
  readonly name: string;
  readonly value?: string;
  readonly datatype?: 'integer' | 'boolean' | 'string' | 'binary' | 'date' | 'float' | 'multiplestring' | 'time';
}

/** A node of `wap-provisioningdoc` (MS-MDE2 2.2.9.1; OMA Client Provisioning). */
export interface WapCharacteristic {
  readonly type: string;
  readonly parms: readonly WapParm[];
  readonly children: readonly WapCharacteristic[];
}

/** A characteristic, its values before its children. */
export const characteristic = (type: string, ...content: readonly (WapParm | WapCharacteristic)[]): WapCharacteristic => ({
  type,
  parms: content.filter((item): item is WapParm => 'name' in item),
  children: content.filter((item): item is WapCharacteristic => 'type' in item),
});

export const parm = (name: string, value?: string): WapParm => ({ name, ...(value === undefined ? {} : { value }) });

/** A value with its type spelt out, as Renew, Poll and CSP nodes need it (reference 04, 3.5 rule 12). */
export function typedParm(name: string, value: string | number | boolean): WapParm {
  const datatype = typeof value === 'number' ? 'integer' : typeof value === 'boolean' ? 'boolean' : 'string';
  return { name, value: String(value), datatype };
}

/** The document in one line, without white space between elements (reference 04, 3.4). */
export function encodeWapDocument(roots: readonly WapCharacteristic[]): Buffer {
  return xml`<?xml version="1.0" encoding="UTF-8"?><wap-provisioningdoc version="1.1">${roots.map(encode)}</wap-provisioningdoc>`.toBuffer();
}

function encode({ type, parms, children }: WapCharacteristic): Markup {
  if (parms.length === 0 && children.length === 0) return xml`<characteristic type="${type}"/>`;
  return xml`<characteristic type="${type}">${parms.map(encodeParm)}${children.map(encode)}</characteristic>`;
}

function encodeParm({ name, value, datatype }: WapParm): Markup {
  const valueAttribute = value === undefined ? undefined : xml` value="${value}"`;
  const typeAttribute = datatype === undefined ? undefined : xml` datatype="${datatype}"`;
  return xml`<parm name="${name}"${valueAttribute}${typeAttribute}/>`;
}

const datatypes: readonly NonNullable<WapParm['datatype']>[] = [
  'integer',
  'boolean',
  'string',
  'binary',
  'date',
  'float',
  'multiplestring',
  'time',
];

/**
 * Top-level characteristics of a provisioning document.
 *
 * @throws {WapError}
 */
export function decodeWapDocument(bytes: Uint8Array): WapCharacteristic[] {
  const root = parse(bytes);
  if (!isElement(root, '', 'wap-provisioningdoc')) throw new WapError('document', 'not a wap-provisioningdoc');
  return childrenOf(root, '', 'characteristic').map(decode);
}

function decode(element: XmlElement): WapCharacteristic {
  const type = attributeOf(element, 'type');
  if (type === undefined) throw new WapError('document', 'characteristic without a type');
  return {
    type,
    parms: childrenOf(element, '', 'parm').map(decodeParm),
    children: childrenOf(element, '', 'characteristic').map(decode),
  };
}

function decodeParm(element: XmlElement): WapParm {
  const name = attributeOf(element, 'name');
  if (name === undefined) throw new WapError('document', 'parm without a name');
  const value = attributeOf(element, 'value');
  const given = attributeOf(element, 'datatype');
  const datatype = datatypes.find((known) => known === given);
  if (given !== undefined && datatype === undefined) throw new WapError('document', `unknown datatype ${given}`);
  return { name, ...(value === undefined ? {} : { value }), ...(datatype === undefined ? {} : { datatype }) };
}

function parse(bytes: Uint8Array): XmlElement {
  try {
    return parseXml(bytes);
  } catch (error) {
    if (error instanceof XmlError) throw new WapError('document', error.message, { cause: error });
    throw error;
  }
}
