import { type Certificate, isSignedBy } from './decode.js';
import { CertificateError } from './error.js';
import { authorityRights, extendedKeyUsages, keyIdentifiers } from './extensions/index.js';

export type ChainProblem =
  /** No issuer among the given certificates, or none whose signature fits. */
  | 'incomplete'
  | 'expired'
  | 'not_yet_valid'
  /** The issuer exists but may not issue: no CA, no certificate signing, or too many below it. */
  | 'not_an_authority'
  /** The leaf is for something else. */
  | 'wrong_purpose';

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
  /** Trusted, and the only ones that end a chain; they need not be self-signed. */
  readonly roots: readonly Certificate[];
  readonly at: Date;
  /** OID of a purpose that the leaf's extended key usages must contain when it has any. */
  readonly purpose?: string;
}

/** A chain has at most this many certificates. Intel's on-die chain has seven (reference 03, 1.6). */
const LENGTH = 10;

/**
 * The chain from leaf to root: signatures, names, validity of each, and the right of each issuer to issue. A leaf that is itself trusted is
 * a chain of one. Revocation and name constraints are not looked at. Throws {@link ChainError} with the first problem of the most promising
 * path.
 */
export function verifyChain(input: ChainInput): Certificate[] {
  const chain = extend([input.leaf], input);
  if (input.purpose !== undefined && usagesOf(input.leaf)?.includes(input.purpose) === false) throw new ChainError('wrong_purpose');
  return chain;
}

function extend(chain: readonly Certificate[], input: ChainInput): Certificate[] {
  const current = chain.at(-1) ?? input.leaf;
  if (input.at > current.notAfter) throw new ChainError('expired');
  if (input.at < current.notBefore) throw new ChainError('not_yet_valid');
  if (input.roots.some(({ der }) => der.equals(current.der))) return [...chain];
  let problem = new ChainError('incomplete');
  if (chain.length >= LENGTH) throw problem;
  for (const issuer of [...input.roots, ...input.intermediates]) {
    if (chain.includes(issuer) || !hasIssued(issuer, current)) continue;
    try {
      requireAuthority(issuer, chain, input);
      return extend([...chain, issuer], input);
    } catch (error) {
      if (!(error instanceof ChainError)) throw error;
      // Cross-certified authorities have several certificates: another one may still do.
      if (problem.problem === 'incomplete') problem = error;
    }
  }
  throw problem;
}

/** By name, key identifier where both sides name one, and signature. */
function hasIssued(issuer: Certificate, subject: Certificate): boolean {
  if (!issuer.subject.raw.equals(subject.issuer.raw)) return false;
  try {
    const named = keyIdentifiers(subject).authority;
    const own = keyIdentifiers(issuer).subject;
    return (named === undefined || own === undefined || named === own) && isSignedBy(subject, issuer.publicKey);
  } catch (error) {
    if (error instanceof CertificateError) return false;
    throw error;
  }
}

function requireAuthority(issuer: Certificate, below: readonly Certificate[], { roots }: ChainInput): void {
  try {
    const { ca, pathLength, mayIssue } = authorityRights(issuer);
    // A trusted certificate of version 1 has no extensions to say that it is an authority.
    const allowed = ca ?? roots.includes(issuer);
    // The path length counts authorities between it and the leaf that are not merely renewed keys of the same name (RFC 5280, 4.2.1.9).
    const between = below.slice(1).filter(({ subject, issuer: above }) => !subject.raw.equals(above.raw)).length;
    if (allowed && mayIssue && between <= (pathLength ?? Infinity)) return;
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
  }
  throw new ChainError('not_an_authority');
}

function usagesOf(leaf: Certificate): string[] | undefined {
  try {
    return extendedKeyUsages(leaf);
  } catch (error) {
    if (error instanceof CertificateError) return [];
    throw error;
  }
}
