export { verifyEnvelopedSignature } from './enveloped-signature.js';
export { extractElement } from './extract-element.js';
export { XmlSignatureError } from './xml-signature-error.js';
