import { type KeyObject } from 'node:crypto';
import { authorityKeyIdentifier, commonName, issueCertificate, subjectKeyIdentifier } from '../x509/index.js';

/** Subject and issuer of the certificate that a client makes to sign its messages and receive answers (reference 03, 2.6). */
export const SCEP_PROTOCOL_CERTIFICATE = 'SCEP Protocol Certificate';
/** Subject of the certificate that requests are encrypted to: clients choose it by this name (reference 03, 2.4). */
export const RA_ENCRYPTION_CERTIFICATE = 'RA Encryption Certificate';
export const RA_SIGNING_CERTIFICATE = 'RA Signing Certificate';

const YEAR_MS = 365 * 86_400_000;

/** A self-signed SCEP Protocol Certificate, valid one year; extensions AKI, then SKI. */
export const issueProtocolCertificate = (keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }, now: Date): Buffer =>
  issueCertificate({
    issuer: commonName(SCEP_PROTOCOL_CERTIFICATE),
    subject: commonName(SCEP_PROTOCOL_CERTIFICATE),
    notBefore: now,
    notAfter: new Date(now.getTime() + YEAR_MS),
    publicKey: keys.publicKey,
    signingKey: keys.privateKey,
    extensions: [authorityKeyIdentifier(keys.publicKey), subjectKeyIdentifier(keys.publicKey)],
  });
