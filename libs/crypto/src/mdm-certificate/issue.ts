import { type KeyObject } from 'node:crypto';
import {
  attribute,
  authorityKeyIdentifier,
  basicConstraints,
  commonName,
  decodeCertificate,
  ekuOids,
  extendedKeyUsage,
  type Extension,
  issueCertificate,
  keyUsage,
  knownCertificate,
  type Name,
  subjectKeyIdentifier,
} from '../x509/index.js';
import { type IntuneIdentity, intuneExtensions, intuneOids, readEnrollmentType, readGuid } from './extensions.js';

export interface MdmCertificateRequest {
  readonly identity: IntuneIdentity;
  /** SubjectPublicKeyInfo of the request. */
  readonly spki: Buffer;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** The MDM device CA: its certificate (hold on to the Buffer, it is decoded once) and key. */
  readonly issuer: { readonly certificate: Buffer; readonly privateKey: KeyObject };
}

/** An Intune device certificate (reference 04, 3.6): subject is the Intune device id, whatever the request asked for. */
export const issueMdmCertificate = ({ identity, ...order }: MdmCertificateRequest): Buffer =>
  clientCertificate(commonName(identity.deviceId), order, intuneExtensions(identity));

/** A device certificate of Fleet: `OU=Fleet, CN=<HWDevID>`, without Intune's extensions (reference 04, section 8). */
export const issueFleetCertificate = (hwDevId: string, order: Omit<MdmCertificateRequest, 'identity'>): Buffer =>
  clientCertificate([[attribute('ou', 'Fleet')], [attribute('cn', hwDevId, 'utf8')]], order, []);

function clientCertificate(
  subject: Name,
  { spki, notBefore, notAfter, issuer }: Omit<MdmCertificateRequest, 'identity'>,
  extensions: readonly Extension[],
): Buffer {
  const authority = knownCertificate(issuer.certificate);
  return issueCertificate({
    issuer: authority.subject.raw,
    subject,
    notBefore,
    notAfter,
    publicKey: spki,
    signingKey: issuer.privateKey,
    extensions: [
      basicConstraints(false),
      keyUsage(['digitalSignature', 'keyEncipherment']),
      extendedKeyUsage([ekuOids.clientAuth], true),
      subjectKeyIdentifier(spki),
      authorityKeyIdentifier(authority.spki),
      ...extensions,
    ],
  });
}

/** What a reader of the certificate learns; undefined where an extension is missing or has another form. */
export interface MdmCertificateIdentity {
  readonly deviceId: string | undefined;
  readonly accountId: string | undefined;
  readonly userId: string | undefined;
  readonly tenantId: string | undefined;
  readonly enrollmentType: number | undefined;
}

/** Throws CertificateError when it is no certificate. */
export function readMdmCertificate(der: Buffer): MdmCertificateIdentity {
  const { extensions } = decodeCertificate(der);
  return {
    deviceId: readGuid(extensions, intuneOids.deviceId),
    accountId: readGuid(extensions, intuneOids.accountId),
    userId: readGuid(extensions, intuneOids.userId),
    tenantId: readGuid(extensions, intuneOids.tenantId),
    enrollmentType: readEnrollmentType(extensions),
  };
}
