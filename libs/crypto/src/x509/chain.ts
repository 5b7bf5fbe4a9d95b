import { type Certificate, decodeCertificate } from './decode.js';

export type ChainProblem = 'incomplete' | 'expired' | 'not_yet_valid';

/** No valid chain leads from the certificate to a trusted root. */
export class ChainError extends Error {
  constructor(readonly problem: ChainProblem) {
    super(`certificate chain: ${problem}`);
    this.name = 'ChainError';
  }
}

export interface ChainInput {
  readonly leaf: Certificate;
  readonly intermediates: readonly Certificate[];
  readonly roots: readonly Certificate[];
  readonly at: Date;
}

/** A chain has at most this many certificates. */
const LENGTH = 8;

/** The chain from leaf to root, signatures and validity checked. A leaf that is itself trusted is a chain of one. */
export function verifyChain({ leaf, intermediates, roots, at }: ChainInput): Certificate[] {
  const chain: Certificate[] = [leaf];
  for (let current = leaf; ;) {
    if (at > current.notAfter) throw new ChainError('expired');
    if (at < current.notBefore) throw new ChainError('not_yet_valid');
    if (roots.some(({ der }) => der.equals(current.der))) return chain;
    const issuer = [...roots, ...intermediates].find((candidate) => issued(candidate, current));
    if (!issuer || chain.length >= LENGTH) throw new ChainError('incomplete');
    chain.push(issuer);
    current = issuer;
  }
}

const issued = (issuer: Certificate, subject: Certificate): boolean =>
  issuer.der !== subject.der && issuer.subject.raw.equals(subject.issuer.raw) && subject.x509.verify(issuer.publicKey);

/** Decoded roots are kept: every service checks against the same few. */
const decoded = new WeakMap<Buffer, Certificate>();

export function knownCertificate(der: Buffer): Certificate {
  const known = decoded.get(der);
  if (known) return known;
  const certificate = decodeCertificate(der);
  decoded.set(der, certificate);
  return certificate;
}
