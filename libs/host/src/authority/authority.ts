import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { type KeyAlgorithm } from '@greenscreen/crypto/keys';

/** A certificate authority or signing key of this installation, ready for use. */
export interface Authority {
  readonly name: string;
  /** DER. */
  readonly certificate: Buffer;
  readonly certificatePem: string;
  readonly x509: X509Certificate;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** The authority that issued it; none for a root. */
  readonly issuer?: Authority;
}

/** How an authority is made when the installation does not have it yet. */
export interface AuthorityDefinition {
  /** Unique in the installation, e.g. `intune-root`. */
  readonly name: string;
  readonly algorithm: KeyAlgorithm;
  /** Present for an intermediate. */
  readonly issuer?: AuthorityDefinition;
  /** DER of its certificate, signed by the issuer's key or, for a root, its own. */
  certificate(input: AuthorityInput): Buffer;
}

export interface AuthorityInput {
  readonly publicKey: KeyObject;
  /** The issuer's private key, or its own for a root. */
  readonly signingKey: KeyObject;
  readonly issuer?: Authority;
  readonly now: Date;
}

export function authorityOf(name: string, certificate: Buffer, pkcs8: Buffer, issuer: Authority | undefined): Authority {
  const x509 = new X509Certificate(certificate);
  return {
    name,
    certificate,
    certificatePem: x509.toString(),
    x509,
    privateKey: createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }),
    publicKey: x509.publicKey,
    ...(issuer ? { issuer } : {}),
  };
}
