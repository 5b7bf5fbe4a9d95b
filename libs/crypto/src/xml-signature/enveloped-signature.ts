import { parseXml } from '@greenscreen/wire/xml';
import { type X509Certificate } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import { readDocument } from './extract-element.js';
import { XmlSignatureError } from './xml-signature-error.js';

const XMLDSIG = 'http://www.w3.org/2000/09/xmldsig#';

/**
 * What the key of a certificate has signed of an XML document: its root without the signature, in canonical form. Nothing else of the
 * document may be believed, so callers read this and not what they were given. The signature is a child of the root and covers it alone,
 * by the root's `idAttribute`; a certificate or key inside it counts for nothing.
 *
 * @throws {XmlSignatureError} and nothing else, whatever the input
 */
export function verifyEnvelopedSignature(xml: string, certificate: X509Certificate, idAttribute: string): string {
  const signature = signatureOf(xml);
  const signed = new SignedXml({ publicCert: certificate.publicKey, idAttribute, getCertFromKeyInfo: () => null });
  let valid: boolean;
  try {
    signed.loadSignature(signature);
    valid = signed.checkSignature(xml);
  } catch (error) {
    throw new XmlSignatureError('signature', 'The signature cannot be verified', { cause: error });
  }
  const [content, ...more] = signed.getSignedReferences();
  if (!valid || content === undefined || more.length > 0) throw new XmlSignatureError('signature', 'The signature is not valid');
  const [whole, part] = [parseXml(xml), parseXml(content)];
  const idOf = ({ attributes }: typeof whole): string | undefined => attributes.find(({ name }) => name === idAttribute)?.value;
  if (part.name !== whole.name || part.namespace !== whole.namespace || idOf(part) !== idOf(whole))
    throw new XmlSignatureError('signature', 'Something else is signed');
  return content;
}

/** The one signature among the children of the root. */
function signatureOf(xml: string) {
  const signatures = Array.from(readDocument(xml).documentElement.childNodes).filter(
    (node) => 'localName' in node && node.localName === 'Signature' && 'namespaceURI' in node && node.namespaceURI === XMLDSIG,
  );
  const [signature, ...more] = signatures;
  if (!signature || more.length > 0) throw new XmlSignatureError('malformed', 'There is not exactly one signature');
  return signature;
}
