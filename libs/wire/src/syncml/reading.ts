import { type XmlElement } from '../xml/index.js';
import { SyncMlError } from './error.js';

/**
 * Children are found by their local name: what SyncML 1.1, 1.2 and clients without any namespace call an element is the same, and Meta's
 * children carry `syncml:metinf` or, in Fleet's messages, the namespace around them (reference 04, 4.2).
 */
export const members = (parent: XmlElement, name: string): readonly XmlElement[] => parent.children.filter((child) => child.name === name);

export const member = (parent: XmlElement, name: string): XmlElement | undefined => members(parent, name)[0];

/** Trimmed text of a child. */
export const textOf = (parent: XmlElement, name: string): string | undefined => member(parent, name)?.text.trim();

/** Throws SyncMlError when there is no such child. */
export function required(parent: XmlElement, name: string): XmlElement {
  const child = member(parent, name);
  if (!child) throw new SyncMlError(`${parent.name} has no ${name}`);
  return child;
}

/** A member that is only there with a value. */
export const optional = <K extends string, V>(name: K, value: V | undefined): { [key in K]?: V } =>
  (value === undefined ? {} : { [name]: value }) as { [key in K]?: V };
