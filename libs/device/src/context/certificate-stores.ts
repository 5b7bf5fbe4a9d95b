import { createHash, X509Certificate, type KeyObject } from 'node:crypto';

export type StoreName =
  'LocalMachine\\My' | 'LocalMachine\\Root' | 'LocalMachine\\CA' | 'LocalMachine\\AAD Token Issuer' | 'CurrentUser\\My';

/** Where the private key of a certificate is: in the TPM by handle, or in software. */
export type PrivateKeyReference =
  { readonly kind: 'tpm'; readonly handle: number } | { readonly kind: 'software'; readonly key: KeyObject };

export interface StoredCertificate {
  readonly store: StoreName;
  /** DER. */
  readonly der: Buffer;
  /** SHA-1, upper-case hex. */
  readonly thumbprint: string;
  /** One line, as Node prints it. */
  readonly subject: string;
  readonly issuer: string;
  readonly privateKey?: PrivateKeyReference;
}

/** The certificate stores of the simulated device. */
export class CertificateStores {
  private certificates: StoredCertificate[] = [];

  add(store: StoreName, der: Buffer, privateKey?: PrivateKeyReference): StoredCertificate {
    const x509 = new X509Certificate(der);
    const stored: StoredCertificate = {
      store,
      der,
      thumbprint: createHash('sha1').update(der).digest('hex').toUpperCase(),
      subject: x509.subject ?? '',
      issuer: x509.issuer ?? '',
      ...(privateKey ? { privateKey } : {}),
    };
    this.certificates = [...this.certificates.filter((other) => other.store !== store || other.thumbprint !== stored.thumbprint), stored];
    return stored;
  }

  remove(store: StoreName, thumbprint: string): void {
    this.certificates = this.certificates.filter((other) => other.store !== store || other.thumbprint !== thumbprint);
  }

  /** Windows is installed anew: only what it trusts from the start stays. */
  clear(): void {
    this.certificates = this.certificates.filter(({ store }) => store === 'LocalMachine\\Root');
  }

  in(store: StoreName): readonly StoredCertificate[] {
    return this.certificates.filter((certificate) => certificate.store === store);
  }

  /** Certificates whose issuer contains a common name such as `MS-Organization-Access`. */
  issuedBy(commonName: string): readonly StoredCertificate[] {
    return this.certificates.filter((certificate) => certificate.issuer.includes(commonName));
  }

  all(): readonly StoredCertificate[] {
    return this.certificates;
  }
}
