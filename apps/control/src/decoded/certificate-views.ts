import { CsrError, decodeCsr, verifyCsr } from '@greenscreen/crypto/pkcs10';
import { asOid, asSequence, asSet, asText, DerError, type DerNode } from '@greenscreen/crypto/der';
import { type Certificate, CertificateError, decodeCertificate, thumbprint } from '@greenscreen/crypto/x509';
import { createPublicKey, type KeyObject } from 'node:crypto';
import { derNode } from './der-view.js';
import { oidName } from './oid-names.js';
import { hex, type Json, type Look, partOf, toJson, type View, viewOf } from './view.js';

export function certificateView(bytes: Buffer): View | undefined {
  if (bytes[0] !== 0x30) return undefined;
  try {
    return viewOf('certificate', certificateValue(decodeCertificate(bytes)));
  } catch (error) {
    if (error instanceof CertificateError || error instanceof DerError) return undefined;
    throw error;
  }
}

export function certificateValue(certificate: Certificate): Json {
  return toJson({
    subject: nameText(certificate.subject),
    issuer: nameText(certificate.issuer),
    serial: certificate.serial,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    key: keyText(certificate.spki),
    signature: oidName(asOid(asSequence(certificate.signatureAlgorithm)[0])),
    thumbprint: thumbprint(certificate.der),
    extensions: Object.fromEntries(
      [...certificate.extensions].map(([oid, { critical, value }]) => [
        oidName(oid),
        { ...(critical ? { critical } : {}), value: derNode(value) ?? hex(value) },
      ]),
    ),
  });
}

/** A PKCS#10 request. Requests for an AIK are not signed: what they carry is a digest (reference 03, 2.8). */
export function csrView(bytes: Buffer, look: Look): View | undefined {
  if (bytes[0] !== 0x30) return undefined;
  try {
    const csr = decodeCsr(bytes);
    const attributes = [...csr.attributes].map(([oid, node]) => ({ name: oidName(oid), node }));
    const value = toJson({
      subject: nameText(csr.subject),
      key: keyText(csr.spki),
      signature: oidName(csr.signatureAlgorithm),
      signedByItsKey: verifyCsr(csr),
      attributes: Object.fromEntries(attributes.map(({ name, node }) => [name, derNode(node.raw) ?? hex(node.raw)])),
    });
    const parts = attributes.flatMap(({ name, node }) => partOf(`attributes.${name}`, node.constructed ? node.raw : node.content, look));
    return viewOf('csr', value, parts);
  } catch (error) {
    if (error instanceof CsrError || error instanceof DerError) return undefined;
    throw error;
  }
}

/** `CN=…, O=…`; attributes of one RDN are joined by `+`. */
export const nameText = (name: DerNode): string =>
  asSequence(name)
    .map((rdn) =>
      asSet(rdn)
        .map((pair) => {
          const [type, value] = asSequence(pair);
          return `${oidName(asOid(type)).toUpperCase()}=${asText(value)}`;
        })
        .join('+'),
    )
    .join(', ');

function keyText(spki: Buffer): string {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  } catch {
    return 'of an unknown kind';
  }
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  return `${key.asymmetricKeyType ?? 'unknown'} ${modulusLength ?? namedCurve ?? ''}`.trim();
}
