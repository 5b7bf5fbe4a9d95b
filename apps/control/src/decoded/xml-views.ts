import { decodeSoap, SoapError } from '@greenscreen/wire/soap';
import { decodeSyncMessage, SyncMlError } from '@greenscreen/wire/syncml';
import { parseXml, type XmlElement, XmlError } from '@greenscreen/wire/xml';
import { type Json, type Look, toJson, type View, viewOf } from './view.js';
import { partsOf } from './wrapped-text.js';

/** A document: SOAP, SyncML and provisioning documents by what they say, any other as its elements. */
export function xmlView(bytes: Buffer, look: Look): View | undefined {
  if (!/^(\u00ef\u00bb\u00bf)?\s*</.test(bytes.toString('latin1', 0, 64))) return undefined;
  const root = rootOf(bytes);
  if (!root) return undefined;
  const { kind, value } = soap(root, bytes) ?? syncMl(root, bytes) ?? wap(root) ?? { kind: 'xml', value: { [root.name]: contentOf(root) } };
  return viewOf(kind, value, partsOf(value, look));
}

interface Reading {
  readonly kind: string;
  readonly value: Json;
}

function soap(root: XmlElement, bytes: Buffer): Reading | undefined {
  if (root.name !== 'Envelope') return undefined;
  try {
    const { header, body, ...addressing } = decodeSoap(bytes);
    const value = { ...addressing, header: header && contentOf(header), body: { [body.name]: contentOf(body) } };
    return { kind: 'soap', value: toJson(value) };
  } catch (error) {
    if (error instanceof SoapError) return undefined;
    throw error;
  }
}

function syncMl(root: XmlElement, bytes: Buffer): Reading | undefined {
  if (root.name !== 'SyncML') return undefined;
  try {
    return { kind: 'syncml', value: toJson(decodeSyncMessage(bytes)) };
  } catch (error) {
    if (error instanceof SyncMlError) return undefined;
    throw error;
  }
}

const wap = (root: XmlElement): Reading | undefined =>
  root.name === 'wap-provisioningdoc' ? { kind: 'wap', value: characteristics(root) } : undefined;

/** Characteristics by their type, values by their name. */
const characteristics = (element: XmlElement): Json => {
  const attribute = (of: XmlElement, name: string): string => of.attributes.find((one) => one.name === name)?.value ?? '';
  return membersOf(
    element.children.map((child) =>
      child.name === 'parm' ? [attribute(child, 'name'), attribute(child, 'value')] : [attribute(child, 'type'), characteristics(child)],
    ),
  );
};

/** Text alone, or members by local name: `@` before attributes, `#text` for text beside them. */
function contentOf({ attributes, children, text }: XmlElement): Json {
  const words = text.trim();
  if (attributes.length === 0 && children.length === 0) return words;
  return membersOf([
    ...attributes.map(({ name, value }): [string, Json] => [`@${name}`, value]),
    ...(words === '' ? [] : [['#text', words] satisfies [string, Json]]),
    ...children.map((child): [string, Json] => [child.name, contentOf(child)]),
  ]);
}

/** A name that comes again stands for a list. */
function membersOf(pairs: readonly (readonly [string, Json])[]): Json {
  const found = new Map<string, Json[]>();
  for (const [name, value] of pairs) found.set(name, [...(found.get(name) ?? []), value]);
  return Object.fromEntries([...found].map(([name, [first = null, ...more]]) => [name, more.length === 0 ? first : [first, ...more]]));
}

function rootOf(bytes: Buffer): XmlElement | undefined {
  try {
    return parseXml(bytes, { maxBytes: bytes.length });
  } catch (error) {
    if (error instanceof XmlError) return undefined;
    throw error;
  }
}
