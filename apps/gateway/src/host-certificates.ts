import { generateKeyPair, type KeyPair } from '@greenscreen/crypto/keys';
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
import { type KeyObject } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';

const DAY_MS = 86_400_000;
/** Browsers and Windows refuse longer ones. */
const VALID_DAYS = 397;
/** A subject's common name holds at most this many characters (X.520). */
const NAME_LIMIT = 64;

/** Names kept; patterns let a client ask for any number of them. */
const KEPT = 1000;

/** What is wrong with a certificate that a fault asks for (reference 05, C.4 `action.tls`). */
export type CertificateDefect = 'expired' | 'not_yet_valid' | 'wrong_host' | 'untrusted_root';

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

  /** A certificate that no client may accept. Not kept: faults are few. */
  async defectiveContext(host: string, defect: CertificateDefect): Promise<SecureContext> {
    const stranger = defect === 'untrusted_root' ? await generateKeyPair('ec-p256') : undefined;
    const name = defect === 'wrong_host' ? `wrong.${host}` : host;
    const shift = { expired: -VALID_DAYS - 1, not_yet_valid: VALID_DAYS, wrong_host: 0, untrusted_root: 0 }[defect] * DAY_MS;
    return createSecureContext({
      cert: toPem(this.issue(name, { shift, ...(stranger ? { signingKey: stranger.privateKey } : {}) })),
      key: this.key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    });
  }

  private issue(host: string, { shift = 0, signingKey = this.root.privateKey }: { shift?: number; signingKey?: KeyObject } = {}): Buffer {
    const now = Date.now() + shift;
    return issueCertificate({
      issuer: knownCertificate(this.root.certificate).subject.raw,
      subject: commonName(host.slice(0, NAME_LIMIT), 'utf8'),
      notBefore: new Date(now - DAY_MS),
      notAfter: new Date(now + VALID_DAYS * DAY_MS),
      publicKey: this.key.publicKey,
      signingKey,
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
