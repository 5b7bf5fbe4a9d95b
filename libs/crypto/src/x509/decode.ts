import { type KeyObject, X509Certificate } from 'node:crypto';
import {
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
  tags,
} from '../der/index.js';
import { publicKeyFromSpki } from '../keys/index.js';
import { extensionOids } from './extensions/index.js';
import { nameOids, nameValues } from './name.js';

/** The bytes are not a usable X.509 certificate. */
export class CertificateError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CertificateError';
  }
}

/** A decoded certificate. Tolerates what real EK and device certificates do: explicit defaults, trailing padding, 9999 validity. */
export interface Certificate {
  readonly der: Buffer;
  readonly serial: Buffer;
  readonly issuer: DerNode;
  readonly subject: DerNode;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Buffer;
  readonly publicKey: KeyObject;
  /** Extension values by OID. */
  readonly extensions: ReadonlyMap<string, { readonly critical: boolean; readonly value: Buffer }>;
  readonly x509: X509Certificate;
}

/** Decodes a certificate; bytes behind it (padding in NV) are cut off. */
export function decodeCertificate(bytes: Buffer): Certificate {
  try {
    const whole = decodeDer(bytes, { allowTrailing: true });
    const [tbs] = asSequence(whole);
    const members = asSequence(tbs);
    const at = contextMember(members, 0) ? 1 : 0;
    const [notBefore, notAfter] = asSequence(members[at + 3]);
    const spki = members[at + 5];
    const issuer = members[at + 2];
    const subject = members[at + 4];
    if (!spki || !issuer || !subject) throw new DerError('the certificate is incomplete');
    const extensions = contextMember(members, 3);
    return {
      der: whole.raw,
      serial: asIntegerBytes(members[at]),
      issuer,
      subject,
      notBefore: asTime(notBefore),
      notAfter: asTime(notAfter),
      spki: spki.raw,
      publicKey: publicKeyFromSpki(spki.raw),
      extensions: new Map(extensions ? asSequence(extensions.children[0]).map(readExtension) : []),
      x509: new X509Certificate(whole.raw),
    };
  } catch (error) {
    throw new CertificateError(error instanceof DerError ? `Not a certificate: ${error.message}` : 'Not a usable certificate', {
      cause: error,
    });
  }
}

function readExtension(node: DerNode): [string, { critical: boolean; value: Buffer }] {
  const [id, ...rest] = asSequence(node);
  const flag = rest.find(({ tagClass, tag }) => tagClass === 0 && tag === tags.boolean);
  return [asOid(id), { critical: flag ? asBoolean(flag) : false, value: asOctets(rest[rest.length - 1]) }];
}

/** First common name of the subject, as it stands. */
export const subjectCommonName = (certificate: Certificate): string | undefined => nameValues(certificate.subject, nameOids.cn)[0];

/** Lower-case hex of the subject and authority key identifiers. */
export function keyIdentifiers(certificate: Certificate): { subject?: string; authority?: string } {
  const subject = certificate.extensions.get(extensionOids.subjectKeyIdentifier);
  const authority = certificate.extensions.get(extensionOids.authorityKeyIdentifier);
  const keyId = authority && contextMember(asSequence(decodeDer(authority.value)), 0);
  return {
    ...(subject ? { subject: asOctets(decodeDer(subject.value)).toString('hex') } : {}),
    ...(keyId ? { authority: keyId.content.toString('hex') } : {}),
  };
}

/** OIDs of the extended key usages; undefined when the extension is absent. */
export function extendedKeyUsages(certificate: Certificate): string[] | undefined {
  const extension = certificate.extensions.get(extensionOids.extKeyUsage);
  return extension && asSequence(decodeDer(extension.value)).map(asOid);
}

/** OIDs of the certificate policies. */
export function policyOids(certificate: Certificate): string[] {
  const extension = certificate.extensions.get(extensionOids.certificatePolicies);
  return extension ? asSequence(decodeDer(extension.value)).map((policy) => asOid(asSequence(policy)[0])) : [];
}
