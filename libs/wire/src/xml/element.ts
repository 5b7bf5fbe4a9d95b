import { XmlError } from './error.js';

export interface XmlAttribute {
  /** '' for an attribute without a prefix: a default namespace does not reach attributes (Namespaces in XML 1.0, 6.2). */
  readonly namespace: string;
  readonly name: string;
  readonly value: string;
}

/**
 * One element by namespace and local name; prefixes and namespace declarations are gone, because no rule may hang on them
 * (reference 04, 0.2 rule 5).
 */
export interface XmlElement {
  readonly namespace: string;
  readonly name: string;
  readonly attributes: readonly XmlAttribute[];
  /** Child elements in document order. */
  readonly children: readonly XmlElement[];
  /** Character data and CDATA directly inside the element, joined; '' when it is nothing but white space outside CDATA. */
  readonly text: string;
}

export function isElement(element: XmlElement, namespace: string, name: string): boolean {
  return element.name === name && element.namespace === namespace;
}

/** First child element of that name. */
export function childOf(element: XmlElement, namespace: string, name: string): XmlElement | undefined {
  return element.children.find((child) => isElement(child, namespace, name));
}

export function childrenOf(element: XmlElement, namespace: string, name: string): readonly XmlElement[] {
  return element.children.filter((child) => isElement(child, namespace, name));
}

/** First child element of that name; throws XmlError when there is none. */
export function requireChild(element: XmlElement, namespace: string, name: string): XmlElement {
  const child = childOf(element, namespace, name);
  if (!child) throw new XmlError(`${element.name} has no ${name}`);
  return child;
}

/** Trimmed text of the first child of that name: Microsoft's samples wrap actions, URLs and tokens in white space. */
export function childText(element: XmlElement, namespace: string, name: string): string | undefined {
  return childOf(element, namespace, name)?.text.trim();
}

/** Value of an attribute; without `namespace` the one that carries no prefix. */
export function attributeOf(element: XmlElement, name: string, namespace = ''): string | undefined {
  return element.attributes.find((attribute) => attribute.name === name && attribute.namespace === namespace)?.value;
}

/** Every descendant of that name in document order, the XPath `//e:name` that Windows uses. */
export function descendantsOf(element: XmlElement, namespace: string, name: string): XmlElement[] {
  const found: XmlElement[] = [];
  for (const child of element.children) {
    if (isElement(child, namespace, name)) found.push(child);
    found.push(...descendantsOf(child, namespace, name));
  }
  return found;
}
