import { type KeyObject } from 'node:crypto';
import { enrollmentOids, tcgOids } from '@greenscreen/wire/scep';
import {
  authorityInfoAccess,
  authorityKeyIdentifier,
  basicConstraints,
  certificatePolicies,
  encodeName,
  extendedKeyUsage,
  extensionOids,
  issueCertificate,
  keyUsage,
  knownCertificate,
  subjectKeyIdentifier,
} from '../x509/index.js';

/** Text of the policy's notice, double blanks included (reference 03, section 4 [cert]). */
export const AIK_POLICY_NOTICE = 'TCPA  Trusted  Platform  Identity';

const YEARS = 10;

export interface AikCertificateRequest {
  /** SubjectPublicKeyInfo of the AIK. */
  readonly spki: Buffer;
  /** Value of the EK certificate's subjectAltName, copied byte for byte. */
  readonly subjectAltName: Buffer;
  /** 16 bytes in the layout of a version 4 GUID. */
  readonly serial: Buffer;
  readonly notBefore: Date;
  /** Ten years after notBefore, or the issuer's end when that is sooner, unless given. */
  readonly notAfter?: Date;
  readonly issuer: { readonly certificate: Buffer; readonly privateKey: KeyObject };
  readonly issuerUrl: string;
  /** Leaves out the policy that says the EK certificate was verified: a defect, for tests. */
  readonly withoutPolicy?: boolean;
}

/** An AIK certificate: empty subject, extensions in exactly this order (reference 03, section 4). DER. */
export function issueAikCertificate(request: AikCertificateRequest): Buffer {
  const { spki, subjectAltName, serial, notBefore, issuer, issuerUrl, withoutPolicy = false } = request;
  const authority = knownCertificate(issuer.certificate);
  return issueCertificate({
    serial,
    issuer: authority.subject.raw,
    subject: encodeName([]),
    notBefore,
    notAfter: request.notAfter ?? aikNotAfter(notBefore, authority.notAfter),
    publicKey: spki,
    signingKey: issuer.privateKey,
    extensions: [
      keyUsage(['digitalSignature']),
      basicConstraints(false),
      ...(withoutPolicy ? [] : [certificatePolicies([{ oid: enrollmentOids.ekVerifiedByCertificate, notice: AIK_POLICY_NOTICE }], true)]),
      extendedKeyUsage([tcgOids.aikCertificate]),
      { oid: extensionOids.subjectAltName, critical: true, value: subjectAltName },
      authorityKeyIdentifier(authority.spki),
      subjectKeyIdentifier(spki),
      authorityInfoAccess(issuerUrl),
    ],
  });
}

function aikNotAfter(notBefore: Date, issuerEnd: Date): Date {
  const end = new Date(new Date(notBefore).setUTCFullYear(notBefore.getUTCFullYear() + YEARS));
  return end < issuerEnd ? end : issuerEnd;
}
