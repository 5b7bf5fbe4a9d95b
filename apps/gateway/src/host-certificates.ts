import { type KeyPair } from '@greenscreen/crypto/keys';
import {
  authorityKeyIdentifier,
  basicConstraints,
  commonName,
  dnsNames,
  ekuOids,
  extendedKeyUsage,
  issueCertificate,
  keyUsage,
  knownCertificate,
  subjectKeyIdentifier,
  toPem,
} from '@greenscreen/crypto/x509';
import { type Authority } from '@greenscreen/host/authority';
import { createSecureContext, type SecureContext } from 'node:tls';

const DAY_MS = 86_400_000;
/** Browsers and Windows refuse longer ones. */
const VALID_DAYS = 397;
/** A subject's common name holds at most this many characters (X.520). */
const NAME_LIMIT = 64;

/** Names kept; patterns let a client ask for any number of them. */
const KEPT = 1000;

/** Certificates for host names, issued when a name is first asked for. One EC key serves all of them. */
export class HostCertificates {
  private readonly contexts = new Map<string, SecureContext>();

  constructor(
    private readonly root: Authority,
    private readonly key: KeyPair,
  ) {}

  /** Chain and key in PEM. */
  pemFor(host: string): { cert: string; key: string } {
    return {
      cert: toPem(this.issue(host)) + this.root.certificatePem,
      key: this.key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
  }

  contextFor(host: string): SecureContext {
    const known = this.contexts.get(host);
    if (known) return known;
    const oldest = this.contexts.size >= KEPT ? this.contexts.keys().next().value : undefined;
    if (oldest !== undefined) this.contexts.delete(oldest);
    const context = createSecureContext(this.pemFor(host));
    this.contexts.set(host, context);
    return context;
  }

  private issue(host: string): Buffer {
    const now = Date.now();
    return issueCertificate({
      issuer: knownCertificate(this.root.certificate).subject.raw,
      subject: commonName(host.slice(0, NAME_LIMIT), 'utf8'),
      notBefore: new Date(now - DAY_MS),
      notAfter: new Date(now + VALID_DAYS * DAY_MS),
      publicKey: this.key.publicKey,
      signingKey: this.root.privateKey,
      extensions: [
        basicConstraints(false),
        keyUsage(['digitalSignature']),
        extendedKeyUsage([ekuOids.serverAuth]),
        dnsNames([host]),
        subjectKeyIdentifier(this.key.publicKey),
        authorityKeyIdentifier(this.root.publicKey),
      ],
    });
  }
}
