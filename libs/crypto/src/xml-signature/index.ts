export { verifyEnvelopedSignature, XmlSignatureError } from './enveloped-signature.js';
