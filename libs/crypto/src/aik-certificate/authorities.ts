import { type KeyObject } from 'node:crypto';
import { enrollmentOids, tcgOids } from '@greenscreen/wire/scep';
import { int } from '../der/index.js';
import { RA_ENCRYPTION_CERTIFICATE, RA_SIGNING_CERTIFICATE } from '../scep/index.js';
import {
  attribute,
  authorityInfoAccess,
  authorityKeyIdentifier,
  basicConstraints,
  certificatePolicies,
  commonName,
  crlDistributionPoint,
  extendedKeyUsage,
  type Extension,
  issueCertificate,
  keyUsage,
  knownCertificate,
  type Name,
  subjectKeyIdentifier,
} from '../x509/index.js';

/** Name of the root, which clients compare (reference 03, 2.4 [cert]). */
export const tpmRootName: Name = [
  [attribute('c', 'US')],
  [attribute('st', 'Washington')],
  [attribute('l', 'Redmond')],
  [attribute('o', 'Microsoft Corporation')],
  [attribute('cn', 'Microsoft TPM Root Certificate Authority 2014')],
];

const TPM_ROOT_FILE = 'Microsoft%20TPM%20Root%20Certificate%20Authority%202014';
/** Where the root and its CRL are published, plain HTTP. */
export const tpmRootUrls = {
  certificate: `http://www.microsoft.com/pkiops/certs/${TPM_ROOT_FILE}.crt`,
  crl: `http://www.microsoft.com/pkiops/crl/${TPM_ROOT_FILE}.crl`,
} as const;

export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

interface AuthorityKeys {
  readonly publicKey: KeyObject;
  readonly signingKey: KeyObject;
}

/** Version of the authority's certificate: 0 (Microsoft's 311.21.1). */
const caVersion = (): Extension => ({ oid: enrollmentOids.caVersion, critical: false, value: int(0) });

/** The root. Extensions in the order that clients check (reference 03, 2.4). */
export const issueTpmRoot = ({ publicKey, signingKey }: AuthorityKeys, validity: Validity): Buffer =>
  issueCertificate({
    issuer: tpmRootName,
    subject: tpmRootName,
    ...validity,
    publicKey,
    signingKey,
    extensions: [
      keyUsage(['digitalSignature', 'keyCertSign', 'cRLSign'], false),
      basicConstraints(true),
      subjectKeyIdentifier(publicKey),
      caVersion(),
    ],
  });

/** An issuing authority; `commonName` is `WUS-IFX-KEYID-…`, `issuer` the root's certificate. */
export const issueIssuingAuthority = (
  { publicKey, signingKey }: AuthorityKeys,
  { name, issuer, ...validity }: Validity & { readonly name: string; readonly issuer: Buffer },
): Buffer =>
  issueCertificate({
    issuer: knownCertificate(issuer).subject.raw,
    subject: commonName(name),
    ...validity,
    publicKey,
    signingKey,
    extensions: [
      keyUsage(['digitalSignature', 'keyCertSign']),
      extendedKeyUsage([enrollmentOids.privacyCa, tcgOids.aikCertificate]),
      certificatePolicies([{ oid: enrollmentOids.ekVerifiedByCertificate }], false),
      basicConstraints(true, 0),
      subjectKeyIdentifier(publicKey),
      authorityKeyIdentifier(knownCertificate(issuer).spki),
      crlDistributionPoint(tpmRootUrls.crl),
      authorityInfoAccess(tpmRootUrls.certificate),
    ],
  });

export interface RaCertificateRequest extends Validity {
  readonly serial: Buffer;
  readonly publicKey: KeyObject;
  readonly issuer: { readonly certificate: Buffer; readonly privateKey: KeyObject };
  /** Where the issuer's certificate is published. */
  readonly issuerUrl: string;
}

const raCertificate = (subject: string, { issuer, issuerUrl: _, ...rest }: RaCertificateRequest, extensions: Extension[]): Buffer =>
  issueCertificate({
    ...rest,
    issuer: knownCertificate(issuer.certificate).subject.raw,
    subject: commonName(subject),
    signingKey: issuer.privateKey,
    extensions,
  });

/** Signs answers and server states. */
export const issueRaSigning = (request: RaCertificateRequest): Buffer =>
  raCertificate(RA_SIGNING_CERTIFICATE, request, [
    keyUsage(['digitalSignature']),
    basicConstraints(false),
    authorityKeyIdentifier(knownCertificate(request.issuer.certificate).spki),
    subjectKeyIdentifier(request.publicKey),
    authorityInfoAccess(request.issuerUrl),
  ]);

/** Receives requests. */
export const issueRaEncryption = (request: RaCertificateRequest): Buffer =>
  raCertificate(RA_ENCRYPTION_CERTIFICATE, request, [
    keyUsage(['keyEncipherment']),
    basicConstraints(false),
    extendedKeyUsage([enrollmentOids.privacyCa]),
    authorityKeyIdentifier(knownCertificate(request.issuer.certificate).spki),
    subjectKeyIdentifier(request.publicKey),
    authorityInfoAccess(request.issuerUrl),
  ]);
