import { type KeyObject } from 'node:crypto';
import {
  type Certificate,
  CertificateError,
  ChainError,
  decodeCertificate,
  extendedKeyUsages,
  policyOids,
  verifyChain,
} from '@greenscreen/crypto/x509';

/** EKU of an AIK certificate (reference 03, section 4). */
const AIK_EKU = '2.23.133.8.3';
/** Policy "the EK's certificate was verified": without it the AIK proves nothing about the hardware (reference 06, D-A19). */
const EK_CERTIFICATE_VERIFIED = '1.3.6.1.4.1.311.21.31';

/** An AIK certificate is refused: `expired`, or `invalid` for everything else. */
export class AikError extends Error {
  constructor(
    readonly problem: 'invalid' | 'expired',
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`The AIK certificate is refused: ${reason}`, options);
    this.name = 'AikError';
  }
}

/** What was recorded when an AIK certificate was issued. */
export interface AikRecord {
  /** `ek_hash` of the TPM that answered the challenge, lower-case hex (reference 06, D-A1). */
  readonly ekHash: string;
  readonly revokedAt: Date | null;
}

/** The shared model's knowledge of AIK certificates; offered by {@link AIK_SOURCE}. */
export interface AikSource {
  /** Root and issuing authorities of the AIK service. */
  issuers(): Promise<{ readonly roots: readonly Certificate[]; readonly intermediates: readonly Certificate[] }>;
  /** Record of an issued certificate, by its DER; null when none of ours. */
  find(certificate: Buffer): Promise<AikRecord | null>;
}

/** Provider token of the process's {@link AikSource}. */
export const AIK_SOURCE = Symbol('aik source');

export interface VerifiedAik {
  readonly publicKey: KeyObject;
  readonly ekHash: string;
}

/**
 * The AIK behind a certificate: chain, validity, EKU, policy, known and not revoked (reference 06, D-A19). Whose TPM it has to be is for the
 * caller to compare with `ekHash`. Throws {@link AikError}.
 */
export async function verifyAik(der: Buffer, source: AikSource, at: Date): Promise<VerifiedAik> {
  const certificate = decode(der);
  requireChain(certificate, await source.issuers(), at);
  if (extendedKeyUsages(certificate)?.includes(AIK_EKU) !== true) throw new AikError('invalid', 'no AIK certificate');
  if (!policyOids(certificate).includes(EK_CERTIFICATE_VERIFIED)) throw new AikError('invalid', 'the EK certificate was not verified');
  const record = await source.find(certificate.der);
  if (!record) throw new AikError('invalid', 'not issued here');
  if (record.revokedAt !== null) throw new AikError('invalid', 'revoked');
  return { publicKey: certificate.publicKey, ekHash: record.ekHash };
}

function decode(der: Buffer): Certificate {
  try {
    return decodeCertificate(der);
  } catch (error) {
    if (error instanceof CertificateError) throw new AikError('invalid', error.message, { cause: error });
    throw error;
  }
}

function requireChain(leaf: Certificate, issuers: Awaited<ReturnType<AikSource['issuers']>>, at: Date): void {
  try {
    // A leaf that is a trusted certificate itself is a chain of one, and no AIK certificate.
    if (verifyChain({ leaf, ...issuers, at }).length < 2) throw new AikError('invalid', 'an authority, not an AIK');
  } catch (error) {
    if (error instanceof ChainError)
      throw new AikError(error.problem === 'expired' ? 'expired' : 'invalid', error.message, { cause: error });
    throw error;
  }
}
