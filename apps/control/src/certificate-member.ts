import { CertificateError, decodeCertificate } from '@greenscreen/crypto/x509';
import { Fault } from '@greenscreen/host/faults';

/** The DER of a certificate that stands in a request as base64. */
export function certificateMember(member: string, base64: string): Buffer {
  try {
    return decodeCertificate(Buffer.from(base64, 'base64')).der;
  } catch (error) {
    if (error instanceof CertificateError)
      throw new Fault('control.BadRequest', { reason: `${member}: is not a certificate` }, { cause: error });
    throw error;
  }
}
