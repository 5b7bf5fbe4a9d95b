import { type KeyPair } from '@greenscreen/crypto/keys';
import {
  authorityKeyIdentifier,
  basicConstraints,
  certificatePolicies,
  decodeCertificate,
  encodeName,
  type Extension,
  extendedKeyUsage,
  issueCertificate,
} from '@greenscreen/crypto/x509';
import { aikIssuing } from '@greenscreen/host/authority/definitions';
import { certificateFingerprint } from '@greenscreen/host/identity';
import { AikCertificate } from '@greenscreen/model/attestation';
import { randomUUID } from 'node:crypto';
import { type TestCloud } from './cloud.js';

const DAY = 86_400_000;
export const AIK_EKU = extendedKeyUsage(['2.23.133.8.3']);
export const EK_VERIFIED = certificatePolicies([{ oid: '1.3.6.1.4.1.311.21.31', notice: 'TCPA  Trusted  Platform  Identity' }], true);

/** An authority of the AIK service that no vendor is behind. */
export const testAikIssuing = aikIssuing('WUS', { vendor: 'TEST', keyId: '0'.repeat(40) });

export interface AikChange {
  readonly extensions?: Extension[];
  readonly notAfter?: Date;
  readonly signingKey?: KeyPair['privateKey'];
  /** Leave no record of it. */
  readonly unknown?: boolean;
  readonly revokedAt?: Date;
}

/** An AIK certificate with its record, as the AIK service leaves them behind; `change` makes a defective one. */
export async function aikCertificate({ context }: TestCloud, aik: KeyPair, ekHash: string, change: AikChange = {}): Promise<Buffer> {
  const authority = await context.authorities.get(testAikIssuing);
  const issuedAt = new Date();
  const notAfter = change.notAfter ?? new Date(issuedAt.getTime() + 3650 * DAY);
  const der = issueCertificate({
    issuer: decodeCertificate(authority.certificate).subject.raw,
    subject: encodeName([]),
    notBefore: new Date(issuedAt.getTime() - DAY),
    notAfter,
    publicKey: aik.publicKey,
    signingKey: change.signingKey ?? authority.privateKey,
    extensions: [...(change.extensions ?? [basicConstraints(false), EK_VERIFIED, AIK_EKU]), authorityKeyIdentifier(authority.publicKey)],
  });
  if (!change.unknown)
    await context.dataSource.manager.insert(AikCertificate, {
      fingerprint: certificateFingerprint(der),
      requestId: randomUUID(),
      ekHash,
      serial: decodeCertificate(der).serial.toString('hex').toUpperCase(),
      der,
      notBefore: new Date(issuedAt.getTime() - DAY),
      notAfter,
      issuedAt,
      revokedAt: change.revokedAt ?? null,
    });
  return der;
}
