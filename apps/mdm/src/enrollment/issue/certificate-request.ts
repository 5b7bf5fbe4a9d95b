import { type Csr, CsrError, decodeCsr, verifyCsr } from '@greenscreen/crypto/pkcs10';
import { Fault } from '@greenscreen/host/faults';
import { MINIMAL_KEY_LENGTH } from '../policy/enrollment-policy.js';

/**
 * A certificate request that is signed by its own key, RSA and long enough; anything else is CertificateRequest. Subject and requested
 * extensions are ignored: the CA has its own (reference 04, 3.2).
 */
export function soundRequest(der: Buffer): Csr {
  const csr = decoded(der);
  const { publicKey } = csr;
  const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
  if (publicKey.asymmetricKeyType !== 'rsa' || bits < MINIMAL_KEY_LENGTH || !verifyCsr(csr)) throw new Fault('mdm.CertificateRequest');
  return csr;
}

function decoded(der: Buffer): Csr {
  try {
    return decodeCsr(der);
  } catch (error) {
    if (error instanceof CsrError) throw new Fault('mdm.CertificateRequest', {}, { cause: error });
    throw error;
  }
}
