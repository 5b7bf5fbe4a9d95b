import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import {
  asBitBytes,
  asBoolean,
  asIntegerBytes,
  asOctets,
  asOid,
  asSequence,
  asTime,
  contextMember,
  decodeDer,
  DerError,
  type DerNode,
  tagClasses,
  tags,
} from '../der/index.js';
import { publicKeyFromSpki } from '../keys/index.js';
import { certificateGuard } from './error.js';
import { nameOids, nameValues } from './name.js';
import { signatureHolds } from './signature.js';

/** An extension as it stands; `value` is the content of its OCTET STRING, DER or not. */
export interface ExtensionValue {
  readonly critical: boolean;
  readonly value: Buffer;
}

/** A decoded certificate. Tolerates what real EK and device certificates do: explicit defaults, trailing padding, 9999 validity. */
export interface Certificate {
  /** The certificate alone, without what followed it. */
  readonly der: Buffer;
  /** TBSCertificate: what is signed. */
  readonly tbs: Buffer;
  /** Two's-complement content of the serial number; may be negative. */
  readonly serial: Buffer;
  /** Name; `issuer.raw` is its DER. */
  readonly issuer: DerNode;
  readonly subject: DerNode;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Buffer;
  /** Made when first asked for. Throws CertificateError when the key is of a kind that node:crypto does not know. */
  readonly publicKey: KeyObject;
  /** Extension values by OID. */
  readonly extensions: ReadonlyMap<string, ExtensionValue>;
  /** AlgorithmIdentifier of the signature. */
  readonly signatureAlgorithm: DerNode;
  readonly signature: Buffer;
  /** OpenSSL's view, for what TLS would say. Made when first asked for; throws CertificateError when OpenSSL cannot read it. */
  readonly x509: X509Certificate;
}

/** Decodes a certificate; bytes behind it (padding in NV) are cut off. Throws CertificateError. */
export const decodeCertificate = (bytes: Buffer): Certificate => certificateGuard('certificate', () => new DecodedCertificate(bytes));

class DecodedCertificate implements Certificate {
  readonly der: Buffer;
  readonly tbs: Buffer;
  readonly serial: Buffer;
  readonly issuer: DerNode;
  readonly subject: DerNode;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly spki: Buffer;
  readonly extensions: ReadonlyMap<string, ExtensionValue>;
  readonly signatureAlgorithm: DerNode;
  readonly signature: Buffer;
  private key: KeyObject | undefined;
  private native: X509Certificate | undefined;

  constructor(bytes: Buffer) {
    const whole = decodeDer(bytes, { allowTrailing: true });
    const [tbs, algorithm, signature] = asSequence(whole);
    const members = asSequence(tbs);
    // `version [0]` is absent from a v1 certificate.
    const at = contextMember(members.slice(0, 1), 0) ? 1 : 0;
    const [serial, inner, issuer, validity, subject, spki, ...rest] = members.slice(at);
    const [notBefore, notAfter] = asSequence(validity);
    asSequence(issuer);
    asSequence(subject);
    asSequence(spki);
    asSequence(algorithm);
    if (!tbs || !issuer || !subject || !spki || !algorithm) throw new DerError('incomplete');
    // The one outside is not signed (RFC 5280, 4.1.1.2).
    if (!inner?.raw.equals(algorithm.raw)) throw new DerError('two signature algorithms');
    const extensions = contextMember(rest, 3);
    this.der = whole.raw;
    this.tbs = tbs.raw;
    this.serial = asIntegerBytes(serial);
    this.issuer = issuer;
    this.subject = subject;
    this.notBefore = asTime(notBefore);
    this.notAfter = asTime(notAfter);
    this.spki = spki.raw;
    this.extensions = readExtensions(extensions ? asSequence(extensions.children[0]) : []);
    this.signatureAlgorithm = algorithm;
    this.signature = asBitBytes(signature);
  }

  get publicKey(): KeyObject {
    this.key ??= certificateGuard('public key', () => publicKeyFromSpki(this.spki));
    return this.key;
  }

  get x509(): X509Certificate {
    this.native ??= certificateGuard('certificate', () => new X509Certificate(this.der));
    return this.native;
  }
}

function readExtensions(nodes: readonly DerNode[]): ReadonlyMap<string, ExtensionValue> {
  const extensions = new Map(nodes.map(readExtension));
  if (extensions.size !== nodes.length) throw new DerError('the same extension twice');
  return extensions;
}

function readExtension(node: DerNode): [string, ExtensionValue] {
  const [id, ...rest] = asSequence(node);
  // Intel and AMD write the default, FALSE, which DER forbids (reference 03, 1.7).
  const flag = rest.find(({ tagClass, tag }) => tagClass === tagClasses.universal && tag === tags.boolean);
  return [asOid(id), { critical: flag ? asBoolean(flag) : false, value: asOctets(rest.at(-1)) }];
}

/** Whether the certificate carries a good signature of this key. Names, validity and the issuer's rights are not looked at. */
export const isSignedBy = (certificate: Certificate, key: KeyObject): boolean =>
  signatureHolds(certificate.signatureAlgorithm, certificate.tbs, key, certificate.signature);

/** First common name of the subject, as it stands. */
export const subjectCommonName = (certificate: Certificate): string | undefined =>
  certificateGuard('subject', () => nameValues(certificate.subject, nameOids.cn)[0]);

/** SHA-1 of the DER, upper-case hex without separators. */
export const thumbprint = (der: Buffer): string => createHash('sha1').update(der).digest('hex').toUpperCase();

/** Decoded ones are kept as long as their bytes: every service checks against the same few. */
const decoded = new WeakMap<Buffer, Certificate>();

/** {@link decodeCertificate} for bytes that the caller holds on to, such as an authority's certificate: decoded once. */
export function knownCertificate(der: Buffer): Certificate {
  const known = decoded.get(der);
  if (known) return known;
  const certificate = decodeCertificate(der);
  decoded.set(der, certificate);
  return certificate;
}
