import { tcgOids } from '@greenscreen/wire/scep';
import { asBits, decodeDer } from '../der/index.js';
import {
  type Certificate,
  CertificateError,
  certificateGuard,
  decodeCertificate,
  extendedKeyUsages,
  extensionOids,
  usageBits,
} from '../x509/index.js';
import { decodeTpmIdentity, type TpmIdentity } from './tpm-identity.js';

/** Old TPMs wrap the certificate in NV: tag 1001, a zero byte, 16-bit length (reference 03, 1.1 [client: go-attestation]). */
const WRAPPER = Buffer.from('100100', 'hex');
const WRAPPER_BYTES = 5;

/** A decoded EK certificate. */
export interface EkCertificateContent {
  readonly certificate: Certificate;
  readonly identity: TpmIdentity;
  /** Value of its subjectAltName, byte for byte: AIK certificates copy it. */
  readonly subjectAltName: Buffer;
}

/**
 * Reads an EK certificate as it comes from NV or a service: wrapped or not, padded or not, strict DER or not. Throws CertificateError when it
 * is none, names no TPM, or may not be used as an endorsement key.
 */
export function readEkCertificate(bytes: Buffer): EkCertificateContent {
  const certificate = decodeCertificate(bytes.subarray(0, 3).equals(WRAPPER) ? bytes.subarray(WRAPPER_BYTES) : bytes);
  const subjectAltName = certificate.extensions.get(extensionOids.subjectAltName)?.value;
  if (!subjectAltName) throw new CertificateError('An EK certificate needs a subjectAltName');
  if (extendedKeyUsages(certificate)?.includes(tcgOids.ekCertificate) === false) throw new CertificateError('not for endorsement keys');
  if (!mayEncrypt(certificate)) throw new CertificateError('the key may not be used for encryption');
  return { certificate, identity: decodeTpmIdentity(subjectAltName), subjectAltName };
}

/** RSA keys encipher keys, ECC keys agree on them; no key usage allows both. */
const mayEncrypt = (certificate: Certificate): boolean =>
  certificateGuard('key usage', () => {
    const extension = certificate.extensions.get(extensionOids.keyUsage);
    if (!extension) return true;
    const usages = asBits(decodeDer(extension.value))[0] ?? 0;
    const needed = certificate.publicKey.asymmetricKeyType === 'rsa' ? usageBits.keyEncipherment : usageBits.keyAgreement;
    return (usages & (0x80 >> needed)) !== 0;
  });
