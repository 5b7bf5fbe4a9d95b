import { generateKeyPair, type KeyPair } from '@greenscreen/crypto/keys';
import { basicConstraints, commonName, encodeName, issueCertificate } from '@greenscreen/crypto/x509';
import { createHash } from 'node:crypto';

export interface ProgramCertificate {
  readonly der: Buffer;
  readonly keys: KeyPair;
  /** Thumbprint as portals show it: upper-case hex. */
  print(algorithm: 'sha1' | 'sha256'): string;
}

/** A self-signed certificate of a program, valid from yesterday for a year. */
export async function programCertificate(): Promise<ProgramCertificate> {
  const keys = await generateKeyPair('rsa2048');
  const subject = commonName('Foreign program');
  const der = issueCertificate({
    issuer: encodeName(subject),
    subject,
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: new Date(Date.now() + 365 * 86_400_000),
    publicKey: keys.publicKey,
    signingKey: keys.privateKey,
    extensions: [basicConstraints(false)],
  });
  return { der, keys, print: (algorithm) => createHash(algorithm).update(der).digest('hex').toUpperCase() };
}
