export { attributeOf, childOf, childrenOf, childText, descendantsOf, isElement, requireChild } from './element.js';
export { type XmlAttribute, type XmlElement } from './element.js';
export { XmlError } from './error.js';
export { parseXml, type XmlLimits } from './parse.js';
export { escapeAttribute, escapeText, Markup, rawMarkup, xml, type XmlValue } from './write.js';
