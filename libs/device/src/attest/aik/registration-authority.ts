import { RA_ENCRYPTION_CERTIFICATE, RA_SIGNING_CERTIFICATE } from '@greenscreen/crypto/scep';
import {
  type Certificate,
  CertificateError,
  ChainError,
  decodeCertificate,
  extendedKeyUsages,
  subjectCommonName,
  verifyChain,
} from '@greenscreen/crypto/x509';
import { enrollmentOids } from '@greenscreen/wire/scep';
import { type AttestContext } from '../attest-context.js';
import { AttestationError, attestErrors } from '../attestation-error.js';

type TrustContext = Pick<AttestContext, 'stores' | 'clock'>;

/** The certificates of GetCACertChain, of which two speak for the service. */
export class RegistrationAuthority {
  constructor(
    private readonly context: TrustContext,
    private readonly certificates: readonly Certificate[],
  ) {}

  /** Whom requests are encrypted to: by name, trusted, and with the purpose of a privacy CA (reference 03, 2.4 [doc: MS-WCCE 3.1.1.4.3.4]). */
  recipient(): Certificate {
    const recipient = this.certificates.find((certificate) => nameOf(certificate) === RA_ENCRYPTION_CERTIFICATE);
    if (!recipient) throw new AttestationError(attestErrors.unreadable, 'The chain has no RA Encryption certificate');
    this.requireTrust(recipient);
    const purposes = extendedKeyUsages(recipient) ?? [];
    if (!purposes.includes(enrollmentOids.privacyCa) && !purposes.includes(enrollmentOids.caExchange))
      throw new AttestationError(attestErrors.wrongUsage, 'The RA Encryption certificate is for something else');
    return recipient;
  }

  /** Throws when the signer of an answer is not the service's. */
  requireSigner(signer: Certificate): void {
    if (nameOf(signer) !== RA_SIGNING_CERTIFICATE)
      throw new AttestationError(attestErrors.untrustedRoot, 'The answer is signed by somebody else');
    this.requireTrust(signer);
  }

  private requireTrust(leaf: Certificate): void {
    const { stores, clock } = this.context;
    const roots = stores.in('LocalMachine\\Root').map(({ der }) => decodeCertificate(der));
    try {
      verifyChain({ leaf, intermediates: this.certificates, roots, at: clock.now() });
    } catch (error) {
      if (error instanceof ChainError) throw new AttestationError(hresultOf(error), error.message, false, { cause: error });
      throw error;
    }
  }
}

const hresultOf = ({ problem }: ChainError): number =>
  problem === 'expired' || problem === 'not_yet_valid' ? attestErrors.notTimeValid : attestErrors.untrustedRoot;

function nameOf(certificate: Certificate): string | undefined {
  try {
    return subjectCommonName(certificate);
  } catch (error) {
    if (error instanceof CertificateError) return undefined;
    throw error;
  }
}
